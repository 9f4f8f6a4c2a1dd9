package draw

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// unitSeq returns the units as what a frame is made from.
func unitSeq(units []registry.Unit) iter.Seq2[registry.Unit, error] {
	return func(yield func(registry.Unit, error) bool) {
		for _, u := range units {
			if !yield(u, nil) {
				return
			}
		}
	}
}

func frameOf(t testing.TB, units []registry.Unit) *registry.Frame {
	t.Helper()
	frame, err := registry.NewFrame(unitSeq(units))
	require.NoError(t, err)
	return frame
}

// weighted returns units "label-00", "label-01", … of one stratum.
func weighted(label string, weights ...uint64) []registry.Unit {
	units := make([]registry.Unit, len(weights))
	for i, w := range weights {
		units[i] = registry.Unit{ID: fmt.Sprintf("%s-%02d", label, i), Stratum: label, Weight: w}
	}
	return units
}

// planOf returns a plan with quotas for the frame's strata in order.
func planOf(t testing.TB, frame *registry.Frame, reserves int, quotas ...string) *Plan {
	t.Helper()
	var q Quotas
	for i, s := range frame.Strata() {
		q = append(q, Quota{s.Label, fraction(t, quotas[i])})
	}
	plan, err := NewPlan(SHA256(), frame, q, reserves)
	require.NoError(t, err)
	return plan
}

func runOf(t testing.TB, plan *Plan, frame *registry.Frame, seed Seed) *Result {
	t.Helper()
	result, err := Run(plan, frame, seed)
	require.NoError(t, err)
	return result
}

// seedOf returns seed i of a fixed series.
func seedOf(series string, i int) Seed {
	return sha256.Sum256(binary.BigEndian.AppendUint64([]byte(series), uint64(i)))
}

func resultText(t testing.TB, r *Result) string {
	t.Helper()
	var b strings.Builder
	n, err := r.WriteTo(&b)
	require.NoError(t, err)
	require.EqualValues(t, b.Len(), n)
	return b.String()
}

func frameText(t testing.TB, f *registry.Frame) string {
	t.Helper()
	var b strings.Builder
	_, err := f.WriteTo(&b)
	require.NoError(t, err)
	return b.String()
}

func planText(t testing.TB, p *Plan) string {
	t.Helper()
	text, err := p.MarshalText()
	require.NoError(t, err)
	return string(text)
}

// checkTexts does what a reader of published texts does.
func checkTexts(frame, plan, result string) error {
	f, err := registry.ParseFrame(strings.NewReader(frame))
	if err != nil {
		return err
	}
	p, err := ParsePlan(strings.NewReader(plan), SHA256())
	if err != nil {
		return err
	}
	r, err := ParseResult(strings.NewReader(result))
	if err != nil {
		return err
	}
	return Check(p, f, r)
}
