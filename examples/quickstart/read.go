package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/examples/internal/sample"
	"github.com/doublerandom/doublerandom/registry"
)

// readRegistry reads the caller's file, or makes up a city and reads that.
func readRegistry(in *input, out io.Writer) (*registry.Registry, error) {
	if in.file == "" {
		return readSample(in, out)
	}
	columns, err := registry.ParseColumns(in.columns)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(in.file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size := int64(0)
	if info, err := f.Stat(); err == nil {
		size = info.Size()
	}
	watched := watch(f, size, "reading "+in.file)
	defer watched.done()
	var r io.Reader = watched
	if strings.HasSuffix(in.file, ".gz") {
		if r, err = gzip.NewReader(r); err != nil {
			return nil, fmt.Errorf("%s: %w", in.file, err)
		}
	}
	reg, report, err := registry.ReadCSV(r, columns, registry.Checks{Codes: true})
	watched.done()
	if report != nil {
		fmt.Fprint(out, indent(report.String()))
	}
	return reg, err
}

func readSample(in *input, out io.Writer) (*registry.Registry, error) {
	var text bytes.Buffer
	if err := sample.New(in.size).WriteCSV(&text); err != nil {
		return nil, err
	}
	columns, err := registry.ParseColumns(sample.Columns)
	if err != nil {
		return nil, err
	}
	on, err := registry.ParseDate(sample.On)
	if err != nil {
		return nil, err
	}
	divisions, err := sample.Divisions()
	if err != nil {
		return nil, err
	}
	industries, err := sample.Industries()
	if err != nil {
		return nil, err
	}
	watched := watch(&text, int64(text.Len()), "reading the sample city")
	defer watched.done()
	reg, report, err := registry.ReadCSV(watched, columns, registry.Checks{
		On: on, Codes: true, Divisions: divisions, Industries: industries,
	})
	watched.done()
	if report != nil {
		fmt.Fprint(out, indent(report.String()))
	}
	return reg, err
}

// buildFrame freezes the frame: of the sample city the active ones that were not
// inspected within a year, by district, weighted by risk class; of a file of the
// caller's everyone, by the district in the code, weighted as -weights says.
func buildFrame(in *input, reg *registry.Registry) (*registry.Frame, *registry.Exclusions, error) {
	on, err := registry.ParseDate(sample.On)
	if err != nil {
		return nil, nil, err
	}
	rules, err := frameRules(in, reg, on)
	if err != nil {
		return nil, nil, err
	}
	return reg.Frame(rules)
}

// frameRules returns the rules of the frame on a day.
func frameRules(in *input, reg *registry.Registry, on registry.Date) (registry.Rules, error) {
	rules := registry.Rules{
		On:       on,
		Statuses: []registry.Status{registry.Active, registry.StatusUnknown},
		Stratum:  registry.StratumBy(registry.ByDivision(6)),
	}
	if in.file != "" {
		weight, err := bandWeights(in.weights)
		rules.Weight = weight
		return rules, err
	}
	rules.RestMonths = 12
	rules.Target.Domains = []registry.Domain{registry.Enterprise}
	rules.Target.Divisions = []string{"370200"}
	rules.Weight = registry.WeightByClass(registry.ByAttribute("class"), map[string]uint64{"A": 1, "B": 2, "C": 4, "D": 8})
	if reg.Len() > 0 {
		rules.Excluded = map[string]string{reg.At(0).ID: "court-order"}
	}
	return rules, nil
}

// bandWeights reads "capital_wan=0:1,100:2": from 0 weight 1, from 100 weight 2.
func bandWeights(text string) (registry.Weigher, error) {
	if text == "" {
		return nil, nil
	}
	wrong := func() error {
		return fmt.Errorf("-weights %q is not of the form capital_wan=0:1,100:2,1000:3", text)
	}
	key, list, ok := strings.Cut(text, "=")
	if !ok {
		return nil, wrong()
	}
	var bands []registry.Band
	for band := range strings.SplitSeq(list, ",") {
		from, weight, ok := strings.Cut(band, ":")
		f, err := strconv.ParseUint(from, 10, 64)
		w, err2 := strconv.ParseUint(weight, 10, 64)
		if !ok || err != nil || err2 != nil {
			return nil, wrong()
		}
		bands = append(bands, registry.Band{From: f, Weight: w})
	}
	return registry.WeightByBand(registry.ByAttribute(key), bands[0].Weight, bands...)
}

// A watchedReader shows on a terminal how far a reader has come.
type watchedReader struct {
	r          io.Reader
	what       string
	size, read int64
	shown      time.Time
	terminal   bool
}

func watch(r io.Reader, size int64, what string) *watchedReader {
	info, err := os.Stderr.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	return &watchedReader{r: r, what: what, size: size, shown: time.Now(), terminal: terminal}
}

func (w *watchedReader) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	w.read += int64(n)
	if w.terminal && w.size > 0 && time.Since(w.shown) > 200*time.Millisecond {
		fmt.Fprintf(os.Stderr, "\r%s: %d %%", w.what, w.read*100/w.size)
		w.shown = time.Now()
	}
	return n, err
}

// done wipes the progress line.
func (w *watchedReader) done() {
	if w.terminal {
		fmt.Fprint(os.Stderr, "\r\x1b[K")
		w.terminal = false
	}
}
