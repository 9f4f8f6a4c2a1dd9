package credit_test

import (
	"fmt"
	"log"

	"github.com/doublerandom/doublerandom/credit"
	"github.com/doublerandom/doublerandom/registry"
)

// A visit from its order to its publication, entered line by line.
func ExampleArchive() {
	calendar := new(credit.Calendar)
	if err := calendar.UnmarshalText([]byte("doublerandom/calendar/v1\nfrom 2026-12-01\nto 2027-01-31\nholiday 2027-01-01\n")); err != nil {
		log.Fatal(err)
	}
	archive, err := credit.NewArchive(credit.Rules{
		Inspectors: 2, Distance: 300, Slack: 30, PublishDays: 20, Calendar: calendar, KeepMonths: 60, ZoneMinutes: 480, NeedSignIn: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, line := range []string{
		`{"order":{"id":"V1","trigger":"drawn","source":"draw-7","department":"amr","entity":"91370202MA3C0000XA","team":["i-1","i-2"],` +
			`"items":["publicity"],"from":"2026-12-07T00:30:00Z","to":"2026-12-07T04:00:00Z","site":"36.067123 120.382640 wgs84","declared":"2026-12-01T02:00:00Z"}}`,
		`{"substitution":{"order":"V1","out":"i-2","in":"i-3","reason":"illness","at":"2026-12-06T09:00:00Z"}}`,
		`{"record":{"id":"R1","order":"V1","department":"amr","entity":"91370202MA3C0000XA","team":["i-1","i-3"],"from":"2026-12-07T01:00:00Z","to":"2026-12-07T02:30:00Z",` +
			`"sign_ins":[{"inspector":"i-1","at":"2026-12-07T00:58:00Z","where":"36.067423 120.382640 wgs84"}],` +
			`"items":[{"item":"publicity","results":"not-published,corrected"}],"severity":4,"penalties":[],"evidence":[]}}`,
		`{"step":{"record":"R1","state":"closed","on":"2026-12-09","department":"amr","basis":"corrected on the spot"}}`,
		`{"publication":{"record":"R1","on":"2027-01-11","where":"https://example.org/1"}}`,
	} {
		entry, err := credit.ParseEntry([]byte(line))
		if err != nil {
			log.Fatal(err)
		}
		faults, err := archive.Add(entry)
		if err != nil {
			log.Fatal(err)
		}
		for _, f := range faults {
			fmt.Println(f)
		}
	}
	on, err := registry.ParseDate("2027-01-31")
	if err != nil {
		log.Fatal(err)
	}
	r := archive.Reconcile(on, []credit.DrawnUnit{
		{Draw: "draw-7", Entity: "91370202MA3C0000XA", Until: on.AddDays(-10)},
		{Draw: "draw-7", Entity: "91370202MA3C0001XB", Until: on.AddDays(-10)},
	})
	fmt.Printf("%d explained, %d not; not visited: %s\n", r.Explained, len(r.Unexplained), r.NotDone[0].Entity)
	// Output:
	// R1: no-sign-in: "i-3"
	// R1: late-publication: published on 2027-01-11, expected by 2027-01-05
	// 1 explained, 0 not; not visited: 91370202MA3C0001XB
}

// A video is hashed while it is uploaded.
func ExampleDigester() {
	var d credit.Digester
	for _, piece := range []string{"first piece, ", "second piece"} {
		if _, err := d.Write([]byte(piece)); err != nil {
			log.Fatal(err)
		}
	}
	digest := d.Digest()
	fmt.Println(digest.Size, digest.SHA256)
	fmt.Println(digest.CheckChunk(0, []byte("first piece, second piece"), d.Prove(0)))
	// Output:
	// 25 79e8d3a3c2482374c9d9cc503d0891483f8168ea1b02d8b4824cac3b247796d4
	// <nil>
}
