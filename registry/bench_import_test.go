package registry

import (
	"bytes"
	"encoding/csv"
	"io"
	"runtime"
	"sync"
	"testing"
)

// cityRows is the number of companies in the registry of design section 1.
const cityRows = 1_081_742

var benchFile = sync.OnceValue(func() []byte {
	n := cityRows
	if testing.Short() {
		n /= 20
	}
	return cityCSV(n)
})

// BenchmarkReadCSVFloor reads the file with encoding/csv and does nothing else.
func BenchmarkReadCSVFloor(b *testing.B) {
	file := benchFile()
	b.SetBytes(int64(len(file)))
	b.ResetTimer()
	for range b.N {
		r := csv.NewReader(bytes.NewReader(file))
		r.ReuseRecord = true
		rows := 0
		for {
			_, err := r.Read()
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			rows++
		}
	}
}

// BenchmarkReadCSV reads the file into a registry with all checks.
func BenchmarkReadCSV(b *testing.B) {
	file := benchFile()
	checks := cityChecks()
	b.SetBytes(int64(len(file)))
	var reg *Registry
	b.ResetTimer()
	for range b.N {
		var report *Report
		var err error
		reg, report, err = ReadCSV(bytes.NewReader(file), cityColumns, checks)
		if err != nil || report.Rejected > 0 {
			b.Fatal(report, err)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(reg.Len()), "ns/row")
	with, n := heapInUse(), reg.Len()
	runtime.KeepAlive(reg)
	reg = nil
	b.ReportMetric(float64(with-heapInUse())/float64(n), "B/entity")
}

func heapInUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
