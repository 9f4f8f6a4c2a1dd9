package draw

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/draw/internal/sm3"
	"github.com/doublerandom/doublerandom/internal/derive"
	"github.com/doublerandom/doublerandom/internal/wheel"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// vectorFile decodes a file of vectors; a field that v lacks is an error.
func vectorFile(t *testing.T, name string, v any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata/vectors", name))
	require.NoError(t, err)
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(v))
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

func uint64Of(t *testing.T, s string) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(s, 10, 64)
	require.NoError(t, err)
	return n
}

// TestVectorsArePinned holds the vectors, and with them the draw, for good: a file
// may be added, but what others have tested against does not change.
func TestVectorsArePinned(t *testing.T) {
	files, err := filepath.Glob("testdata/vectors/*.json") // sorted
	require.NoError(t, err)
	all := sha256.New()
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		fmt.Fprintf(all, "%x  %s\n", sha256.Sum256(data), filepath.Base(file))
	}
	require.Equal(t, "838dcb3d2c5787eec8a2044c9872ba47702471e1efbf09c78a48db3545583edc", fmt.Sprintf("%x", all.Sum(nil)))
}

func TestKeyVectors(t *testing.T) {
	var vectors []struct {
		Secret, Purpose, Info, Key string
		Parts                      []string
	}
	vectorFile(t, "keys.json", &vectors)
	require.NotEmpty(t, vectors)
	for _, v := range vectors {
		require.Equal(t, v.Info, hex.EncodeToString([]byte(derive.Info(v.Purpose, v.Parts...))))
		key, err := SHA256().key(Seed(unhex(t, v.Secret)), v.Purpose, v.Parts...)
		require.NoError(t, err)
		require.Equal(t, v.Key, hex.EncodeToString(key[:]))
	}
}

func TestWheelVectors(t *testing.T) {
	var vectors struct {
		Starts []struct {
			Key, M, R string
			X         []string
		}
		Marks []struct {
			M, R                 string
			Lengths, Ends, Marks []string
		}
	}
	vectorFile(t, "wheel.json", &vectors)
	refused := 0
	for _, v := range vectors.Starts {
		require.Equal(t, v.R, fmt.Sprint(wheel.Start(SHA256().f.Hasher(), (*[32]byte)(unhex(t, v.Key)), uint64Of(t, v.M))))
		refused += len(v.X) - 1
	}
	require.Positive(t, refused)
	for _, v := range vectors.Marks {
		w := wheel.New(uint64Of(t, v.M), uint64Of(t, v.R))
		for i, length := range v.Lengths {
			n, l := uint64(1), length
			if length == "46116860184273879035" { // 5·(2^63−1), beyond 64 bits
				n, l = 5, "9223372036854775807"
			}
			require.Equal(t, v.Marks[i], fmt.Sprint(w.Next(n, uint64Of(t, l))), "%+v", v)
		}
	}
}

func TestTreeVectors(t *testing.T) {
	var vectors []struct {
		Frame, Secret, Key, Root string
		Leaves                   []struct {
			ID, Salt, Leaf, Hash string
			Path                 []string
		}
	}
	vectorFile(t, "trees.json", &vectors)
	suite := SHA256()
	for _, v := range vectors {
		frame, err := registry.ParseFrame(strings.NewReader(v.Frame))
		require.NoError(t, err)
		tree, err := frame.Tree(suite.Hash)
		if v.Secret != "" {
			tree, err = frame.SaltedTree(suite.Hash, [32]byte(unhex(t, v.Secret)))
		}
		require.NoError(t, err)
		root := tree.Root()
		require.Equal(t, v.Root, hex.EncodeToString(root[:]))
		require.Len(t, v.Leaves, frame.Len())
		for i, leaf := range v.Leaves {
			unit, proof, salt, err := tree.Prove(leaf.ID)
			require.NoError(t, err)
			require.Equal(t, registry.Hash(unhex(t, leaf.Hash)), suite.Sum(append([]byte{0}, leaf.Leaf...)))
			var path []string
			for _, h := range proof.Path {
				path = append(path, hex.EncodeToString(h[:]))
			}
			require.Equal(t, fmt.Sprint(leaf.Path), fmt.Sprint(path))
			require.EqualValues(t, i, proof.Index)
			line, err := unit.AppendText(nil)
			require.NoError(t, err)
			if v.Secret == "" {
				require.Equal(t, leaf.Leaf, string(line))
				require.NoError(t, registry.CheckUnit(suite.Hash, root, unit, proof))
				continue
			}
			require.Equal(t, leaf.Salt, salt.String())
			require.Equal(t, leaf.Leaf, string(line)+" "+leaf.Salt)
			require.NoError(t, registry.CheckSaltedUnit(suite.Hash, root, unit, salt, proof))
		}
	}
}

type wheelVector struct {
	StartKey  string `json:"start_key"`
	TicketKey string `json:"ticket_key"`
	M, R      string
	X         []string
	Intervals []struct{ Name, Ticket, Length, End, Marks string }
}

type drawVector struct {
	Name, About, Frame, Plan, Seed, Result string
	FrameRoot                              string `json:"frame_root"`
	PlanID                                 string `json:"plan_id"`
	Quotas                                 *wheelVector
	Strata                                 []struct {
		Label, Quota, Count, N, W string
		SelectKey                 string `json:"select_key"`
		Wheel                     *wheelVector
		Cells                     []struct {
			Weight, Share, Chance string
			Units, Count          uint64
			Certain               bool
			CutOff                string `json:"cut_off"`
			Ranked                []struct{ ID, Ticket string }
		}
	}
}

// check compares a wheel with the keys, tickets, start and marks of the package.
func (v *wheelVector) check(t *testing.T, suite Suite, seed Seed, start, tickets string, parts ...string) {
	t.Helper()
	startKey, err := suite.key(seed, start, parts...)
	require.NoError(t, err)
	require.Equal(t, v.StartKey, hex.EncodeToString(startKey[:]))
	ticketKey, err := suite.key(seed, tickets, parts...)
	require.NoError(t, err)
	require.Equal(t, v.TicketKey, hex.EncodeToString(ticketKey[:]))
	h, m := suite.f.Hasher(), uint64Of(t, v.M)
	require.Equal(t, v.R, fmt.Sprint(wheel.Start(h, &startKey, m)))
	for i, x := range v.Intervals {
		require.Equal(t, x.Ticket, ticket(h, &ticketKey, x.Name).String())
		require.True(t, i == 0 || v.Intervals[i-1].Ticket < x.Ticket)
	}
}

// vectorSuites are the suites that vectors are under; SM3 is a slow one here.
func vectorSuites(t *testing.T) []Suite {
	t.Helper()
	slow, err := NewSuite("sm3", sm3.New, KnownAnswer{"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"})
	require.NoError(t, err)
	return []Suite{SHA256(), slow}
}

// TestDrawVectors takes each draw through every path that leads to its result,
// and compares what is met on the way.
func TestDrawVectors(t *testing.T) {
	files, err := filepath.Glob("testdata/vectors/draw-*.json")
	require.NoError(t, err)
	require.Len(t, files, 11)
	for _, file := range files {
		var v drawVector
		vectorFile(t, filepath.Base(file), &v)
		t.Run(v.Name, func(t *testing.T) {
			seed, err := ParseSeed(v.Seed)
			require.NoError(t, err)
			frame, err := registry.ParseFrame(strings.NewReader(v.Frame))
			require.NoError(t, err)
			plan, err := ParsePlan(strings.NewReader(v.Plan), vectorSuites(t)...)
			require.NoError(t, err)
			again, err := NewPlan(plan.Suite(), frame, plan.Quotas(), plan.Reserves())
			require.NoError(t, err)
			require.Equal(t, v.Plan, planText(t, again))
			require.Equal(t, []string{v.PlanID, v.PlanID, v.FrameRoot}, []string{
				fmt.Sprintf("%x", plan.ID()), fmt.Sprintf("%x", again.ID()), fmt.Sprintf("%x", plan.FrameRoot()),
			})
			published, err := ParseResult(strings.NewReader(v.Result))
			require.NoError(t, err)
			require.NoError(t, Check(plan, frame, published))
			result := runOf(t, plan, frame, seed)
			require.Equal(t, v.Result, resultText(t, result))
			if plan.Suite().Name() == "sha256" { // the only one that the reference has
				require.Equal(t, v.Result, reference(v.Frame, v.Plan, string(seed[:])))
			}
			v.checkSteps(t, plan, frame, result)
		})
	}
}

func (v *drawVector) checkSteps(t *testing.T, plan *Plan, frame *registry.Frame, result *Result) {
	seed := result.Seed()
	selection, err := NewSelection(plan, seed, Count(frame))
	require.NoError(t, err)
	require.Equal(t, plan.Quotas().IsWhole(), v.Quotas == nil)
	if v.Quotas != nil {
		v.Quotas.check(t, plan.Suite(), seed, purposeQuota, purposeQuotaCell)
	}
	for i, s := range v.Strata {
		have := selection.strata[i]
		require.Equal(t, s.SelectKey, hex.EncodeToString(have.key[:]))
		require.Equal(t, []string{s.Label, s.Quota, s.Count}, []string{have.label, plan.quotas[i].String(), fmt.Sprint(have.count)})
		d := have.mix.of(have.count)
		require.Equal(t, []string{s.N, s.W}, []string{fmt.Sprint(d.n), fmt.Sprint(d.weight)})
		require.Equal(t, d.certain > 0, s.Wheel != nil)
		if s.Wheel != nil {
			s.Wheel.check(t, plan.Suite(), seed, purposeWheel, purposeCell, s.Label)
			checkWheel(t, selection, s.Label, s.Wheel)
		}
		for _, c := range s.Cells {
			cell := result.cell(s.Label, uint64Of(t, c.Weight))
			require.Equal(t, []string{c.Share, c.Chance, c.CutOff}, []string{cell.Share.String(), cell.Chance.String(), cell.cutOff()})
			require.Equal(t, []any{c.Units, c.Count, c.Certain}, []any{cell.Units, cell.Count, cell.Certain})
			for rank, u := range c.Ranked {
				e, err := result.Explain(plan, frame, u.ID)
				require.NoError(t, err)
				require.Equal(t, u.Ticket, e.Ticket.String())
				require.Equal(t, uint64(rank) < c.Count, e.Drawn)
			}
			before, ok := selection.Cell(s.Label, cell.Weight)
			require.True(t, ok)
			before.CutOff = cell.CutOff
			require.Equal(t, cell.CellResult, before)
			elsewhere, err := NewSelection(plan, Seed{1}, Count(frame))
			require.NoError(t, err)
			other, _ := elsewhere.Cell(s.Label, cell.Weight)
			require.True(t, cell.Chance.Equal(other.Chance))
			_, ok = selection.Cell(s.Label, cell.Weight+1<<40)
			require.False(t, ok)
		}
	}
}

// checkWheel compares the wheel of a stratum with its vector, and the counts with
// the marks on the arcs.
func checkWheel(t *testing.T, s *Selection, label string, v *wheelVector) {
	w, ok := s.Wheel(label)
	require.True(t, ok)
	require.Equal(t, []string{v.M, v.R}, []string{fmt.Sprint(w.Size), fmt.Sprint(w.Start)})
	require.Len(t, w.Arcs, len(v.Intervals))
	end, below := uint64(0), uint64(0) // in the vectors all products are small
	for i, arc := range w.Arcs {
		require.Equal(t, v.Intervals[i].Name, fmt.Sprint(arc.Weight))
		require.Equal(t, v.Intervals[i].Length, fmt.Sprint(w.Marks*arc.Length))
		require.Equal(t, v.Intervals[i].Marks, fmt.Sprint(arc.Count))
		end += arc.Length
		marks := uint64(0)
		for j := range w.Marks {
			if w.Start+j*w.Size < w.Marks*end {
				marks++
			}
		}
		require.Equal(t, arc.Count, marks-below)
		below = marks
	}
	require.Equal(t, w.Size, end)
	_, ok = s.Wheel(label + "?")
	require.False(t, ok)
}

func TestInvalidVectors(t *testing.T) {
	var vectors struct {
		Frame, Plan, Result string
		Cases               []struct{ Name, Kind, In, Text, Error string }
	}
	vectorFile(t, "invalid.json", &vectors)
	require.NoError(t, checkTexts(vectors.Frame, vectors.Plan, vectors.Result))
	kinds := map[string]int{}
	for _, c := range vectors.Cases {
		texts := map[string]string{"frame": vectors.Frame, "plan": vectors.Plan, "result": vectors.Result}
		require.Contains(t, texts, c.In)
		texts[c.In] = c.Text
		kinds[c.Kind]++
		err := checkTexts(texts["frame"], texts["plan"], texts["result"])
		if err == nil || err.Error() != c.Error {
			t.Errorf("%s, %s: %v\nexpected %s", c.In, c.Name, err, c.Error)
		}
	}
	t.Logf("%d cases: %v", len(vectors.Cases), kinds)
	require.Len(t, kinds, 8)
}
