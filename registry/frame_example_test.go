package registry_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"strings"

	"github.com/doublerandom/doublerandom/registry"
)

// A frame is published as text. Who reads it again gets the same frame, and
// computes the same root.
func ExampleParseFrame() {
	const text = "91370202MA3C12345X 370202/A 1\n" +
		"91370202MA3C12346W 370202/B 4\n" +
		"91370203MA3C12347U 370203/A 1\n"
	frame, err := registry.ParseFrame(strings.NewReader(text))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range frame.Strata() {
		fmt.Printf("%s: %d units, weight %d\n", s.Label, s.Units, s.Weight)
	}
	root, err := frame.Root(sha256.New)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("root %x\n", root)

	_, err = registry.ParseFrame(strings.NewReader(strings.Replace(text, "/B 4", "/B 04", 1)))
	fmt.Println(err)
	// Output:
	// 370202/A: 1 units, weight 1
	// 370202/B: 1 units, weight 4
	// 370203/A: 1 units, weight 1
	// root 5e4096a341d9f1a03127e287335c41b4b369767a399416b890337ea100f05b59
	// registry: frame line 2: weight "04" has a leading zero
}

// A company asks whether it is in the frame, and with which weight. It needs its
// row, the proof and the root that was published, but not the frame.
func ExampleFrameTree_Prove() {
	frame, err := registry.ParseFrame(strings.NewReader("a north 1\nb north 2\nc south 1\nd south 4\ne south 1\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	tree, err := frame.Tree(sha256.New)
	if err != nil {
		fmt.Println(err)
		return
	}
	published := tree.Root()

	unit, proof, _, err := tree.Prove("d")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("row %d of %d: %s %s %d, %d hashes\n",
		proof.Index, proof.Units, unit.ID, unit.Stratum, unit.Weight, len(proof.Path))
	fmt.Println("as it stands:", registry.CheckUnit(sha256.New, published, unit, proof))

	unit.Weight = 1
	err = registry.CheckUnit(sha256.New, published, unit, proof)
	fmt.Println("with weight 1 proved:", err == nil)

	_, _, _, err = tree.Prove("f")
	fmt.Println(err)
	// Output:
	// row 3 of 5: d south 4, 3 hashes
	// as it stands: <nil>
	// with weight 1 proved: false
	// registry: id "f" is not in the frame
}

// Rules turn a registry into a frame. Everyone who is not in it is on the list of
// exclusions, with the reason.
func ExampleRegistry_Frame() {
	const source = "code,district,state,risk,visited\n" +
		"c1,370202,active,A,\n" +
		"c2,370202,active,C,2024-04-30\n" +
		"c3,370203,closed,A,\n" +
		"c4,370203,active,C,2021-01-15\n" +
		"c5,370203,active,B,\n"
	columns, err := registry.ParseColumns("id=code,division=district,status=state,inspected=visited,attr=risk")
	if err != nil {
		fmt.Println(err)
		return
	}
	reg, _, err := registry.ReadCSV(strings.NewReader(source), columns, registry.Checks{})
	if err != nil {
		fmt.Println(err)
		return
	}
	on, err := registry.ParseDate("2024-06-01")
	if err != nil {
		fmt.Println(err)
		return
	}
	frame, exclusions, err := reg.Frame(registry.Rules{
		On:         on,
		Statuses:   []registry.Status{registry.Active},
		RestMonths: 6,
		Excluded:   map[string]string{"c5": "court-order"},
		Stratum:    registry.StratumBy(registry.ByDivision(6), registry.ByAttribute("risk")),
		Weight:     registry.WeightByClass(registry.ByAttribute("risk"), map[string]uint64{"A": 1, "B": 2, "C": 4}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("frame:")
	frame.WriteTo(os.Stdout)
	fmt.Println("left out:")
	exclusions.WriteTo(os.Stdout)
	fmt.Println(frame.Len()+exclusions.Len(), "of", reg.Len())
	// Output:
	// frame:
	// c1 370202/A 1
	// c4 370203/C 4
	// left out:
	// c2 recent
	// c3 status
	// c5 named:court-order
	// 5 of 5
}
