package credit

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkArchive reads the texts of orders and records and enters them.
func BenchmarkArchive(b *testing.B) {
	const n = 5000
	var texts [][]byte
	for i := range n {
		o, r := earlyOrder(b), early(b)
		o.ID, r.ID = fmt.Sprintf("V%d", i), fmt.Sprintf("R%d", i)
		r.Order = o.ID
		for _, e := range []Entry{{Order: o}, {Record: r}} {
			text, err := e.MarshalText()
			require.NoError(b, err)
			texts = append(texts, text)
		}
	}
	for b.Loop() {
		a, err := NewArchive(sampleRules(b))
		require.NoError(b, err)
		for _, text := range texts {
			e, err := ParseEntry(text)
			require.NoError(b, err)
			_, err = a.Add(e)
			require.NoError(b, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(texts)), "ns/entry")
}
