package journal

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func sha() Suite { return Suite{"sha256", sha256.New} }

// inspection is a record of about 300 bytes, as credit writes them.
func inspection(i int) []byte {
	return fmt.Appendf(nil, `{"record":{"id":"V-2026-%06d","order":"O-2026-%06d","department":"市场监管局","entity":"91370200163562681G",`+
		`"team":["QD-00137","QD-00412"],"from":"2026-12-01T01:00:00Z","to":"2026-12-01T02:30:00Z","sign_ins":[],`+
		`"items":[{"item":"食品安全","results":["found"]}],"severity":%d,"penalties":[],"evidence":[]}}`, i, i, i%13)
}

// BenchmarkJournal measures one core. An operation is a journal of 100,000
// records, of which records/s says how many a second.
func BenchmarkJournal(b *testing.B) {
	const n = 100_000
	records := make([][]byte, n)
	for i := range records {
		records[i] = inspection(i)
	}
	rate := func(b *testing.B) { b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s") }
	write := func(w io.Writer) *Journal {
		j, err := New(w, sha(), "inspections.example/2026")
		for i := 0; i < n && err == nil; i++ {
			_, err = j.Append(w, records[i])
		}
		require.NoError(b, err)
		return j
	}
	var file bytes.Buffer
	j := write(&file)
	b.Run("append", func(b *testing.B) {
		for b.Loop() {
			write(io.Discard)
		}
		rate(b)
	})
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(file.Len()))
		for b.Loop() {
			again, err := Read(bytes.NewReader(file.Bytes()), "inspections.example/2026", sha())
			if err != nil || again.Head() != j.Head() {
				b.Fatal(err)
			}
		}
		rate(b)
	})
	b.Run("prove", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if _, err := j.Prove(uint64(i%n), n); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("check", func(b *testing.B) {
		proof, err := j.Prove(n/3, n)
		require.NoError(b, err)
		head := j.Head()
		for b.Loop() {
			if err := CheckRecord(sha(), head, records[n/3], proof); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkRecord measures the check that a record is an object in JSON.
func BenchmarkRecord(b *testing.B) {
	record := inspection(1)
	long := []byte(`{"x":"` + strings.Repeat("x", 1000) + `"}`)
	for name, p := range map[string][]byte{"inspection": record, "long": long} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(p)))
			for b.Loop() {
				if recordProblem(p) != "" {
					b.Fatal(string(p))
				}
			}
		})
	}
}
