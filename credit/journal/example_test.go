package journal_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"log"
	"strings"

	"github.com/doublerandom/doublerandom/credit/journal"
)

// A department keeps a journal and publishes its head. Later it proves one record
// to the company inspected, and to everybody that it has only added records.
func Example() {
	suite := journal.Suite{Name: "sha256", New: sha256.New}
	var file bytes.Buffer // an os.File in earnest
	j, err := journal.New(&file, suite, "inspections.example/2026")
	if err != nil {
		log.Fatal(err)
	}
	record := []byte(`{"visit":"V1","result":"nothing found"}`)
	for _, r := range [][]byte{record, []byte(`{"visit":"V2","result":"corrected"}`)} {
		if _, err := j.Append(&file, r); err != nil {
			log.Fatal(err)
		}
	}
	published := j.Head()

	if _, err := j.Append(&file, []byte(`{"visit":"V3","result":"refused"}`)); err != nil {
		log.Fatal(err)
	}
	proof, err := j.Prove(0, published.Size)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(journal.CheckRecord(suite, published, record, proof))
	consistency, err := j.ProveConsistency(published.Size, j.Len())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(journal.CheckConsistency(suite, published, j.Head(), consistency))
	text, err := published.MarshalText()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s", text)
	// Output:
	// <nil>
	// <nil>
	// doublerandom/journal-head/v1
	// origin inspections.example/2026
	// suite sha256
	// size 2
	// root b6bfcad9f824c90b25a8193aefec8b5f99ac55afcc469c84fb108981a4178ee7
	// last 584215c848e23ebf6068f9d013a24facb7cfd41ea77cbe1a9cde2a6e24d3223d
}

// Whoever reads the file finds the first line that is not as it was written; a
// head that was published finds what the file does not show.
func ExampleRead() {
	suite := journal.Suite{Name: "sha256", New: sha256.New}
	var file bytes.Buffer
	j, err := journal.New(&file, suite, "inspections.example/2026")
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range []string{`{"visit":"V1"}`, `{"visit":"V2"}`, `{"visit":"V3"}`} {
		if _, err := j.Append(&file, []byte(r)); err != nil {
			log.Fatal(err)
		}
	}
	lines := strings.SplitAfter(file.String(), "\n")
	read := func(lines ...string) {
		again, err := journal.Read(strings.NewReader(strings.Join(lines, "")), "inspections.example/2026", suite)
		if err == nil {
			err = again.Check(j.Head())
		}
		fmt.Println(err)
	}
	read(lines...)
	read(lines[0], lines[1], lines[3])
	read(lines[0], lines[2], lines[1], lines[3])
	read(lines[0], lines[1], lines[2])
	// Output:
	// <nil>
	// journal: line 3: removed: record 1 is not in the file, record 2 stands here
	// journal: line 2: reordered: record 0 stands on line 3, record 1 here
	// journal: head of 3 records: truncated: the journal has 2 records
}
