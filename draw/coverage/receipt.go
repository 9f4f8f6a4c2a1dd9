package coverage

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/internal/merkle"
	"github.com/doublerandom/doublerandom/registry"
)

const receiptHeader = "doublerandom/coverage-receipt/v1"

// Limits of a receipt.
const (
	maxPath    = 40   // hashes: a tree of 2^40 leaves
	maxReceipt = 2900 // bytes: a QR code
)

// A Receipt shows one unit that its batch was fixed when the seal was published,
// and nothing of other units. It has one text of at most 2,900 bytes.
type Receipt struct {
	Plan       draw.Hash     // ID of the plan
	Root       draw.Hash     // root of the seal
	Units      uint64        // leaves of the seal
	Index      uint64        // the unit's leaf, counted from 0
	Unit       registry.Unit // the unit's row
	Registered registry.Date // day of registration of a newcomer; zero for a unit of the frame
	Batch      string        // label of the unit's batch
	Salt       registry.Salt // of the leaf
	Path       []draw.Hash   // audit path (RFC 6962, section 2.1.1), from the leaf upwards
}

// CheckReceipt returns nil if a receipt is one of the plan, if its unit can be in
// its batch, and if its proof leads to root, the published root of the seal.
// Whether the batch is the right one shows when the schedule is opened.
func CheckReceipt(plan *Plan, root draw.Hash, r *Receipt) error {
	if problem := r.problem(); problem != "" {
		return fmt.Errorf("coverage: receipt: %s", problem)
	}
	fail := func(format string, args ...any) error {
		return fmt.Errorf("coverage: receipt of %q: %s", r.Unit.ID, fmt.Sprintf(format, args...))
	}
	at, known := plan.find(r.Unit.Stratum, r.Unit.Weight)
	batch, ok := plan.Find(r.Batch)
	switch {
	case r.Plan != plan.id:
		return fail("it is for plan %x, expected %x", r.Plan, plan.id)
	case r.Root != root:
		return fail("it names root %x, the published one is %x", r.Root, root)
	case !known:
		return fail("stratum %q: the plan has no cell of weight %d", r.Unit.Stratum, r.Unit.Weight)
	case !ok:
		return fail("the plan has no batch %q", r.Batch)
	}
	if r.Registered.IsZero() {
		if r.Units != plan.units {
			return fail("the seal has %d units, the plan %d", r.Units, plan.units)
		}
		if plan.cells[at].units == 0 || plan.cells[at].parts[batch] == 0 {
			return fail("no unit of its cell is in batch %q", r.Batch)
		}
	} else if first, open := plan.Open(r.Registered); !open || batch < first {
		return fail("batch %q is not open to newcomers of %s", r.Batch, r.Registered)
	}
	leaf := appendLeaf(nil, r.Unit, r.Registered, r.Batch, r.Salt)
	if err := merkle.Check(plan.suite.Hash, root, r.Units, r.Index, leaf, r.Path); err != nil {
		return fail("%v", err)
	}
	return nil
}

// problem says what keeps a receipt from having a text, or "".
func (r *Receipt) problem() string {
	if _, err := r.Unit.AppendText(nil); err != nil {
		return strings.TrimPrefix(err.Error(), "registry: ")
	}
	if text := label.Check(r.Batch); text != "" {
		return "batch " + text
	}
	if r.Units < 1 || r.Units > registry.MaxWeight || r.Index >= r.Units {
		return fmt.Sprintf("index %d of %d units, expected one below up to %d units", r.Index, r.Units, uint64(registry.MaxWeight))
	}
	if len(r.Path) > maxPath {
		return fmt.Sprintf("path of %d hashes, expected at most %d", len(r.Path), maxPath)
	}
	return ""
}

// MarshalText returns the receipt's one text:
//
//	doublerandom/coverage-receipt/v1
//	plan 9c0d…
//	root 77a1…
//	units 1081742
//	index 4711
//	unit 913702001635621638 370202 4
//	since frame
//	batch 2026Q2
//	salt 0c5e…
//	path q83v…
//
// where a newcomer has its day of registration after "since", and a path without
// hashes is "none". It returns an error if a field is not well-formed.
func (r *Receipt) MarshalText() ([]byte, error) {
	if problem := r.problem(); problem != "" {
		return nil, fmt.Errorf("coverage: receipt: %s", problem)
	}
	b := fmt.Appendf(nil, "%s\nplan %x\nroot %x\nunits %d\nindex %d\nunit ", receiptHeader, r.Plan, r.Root, r.Units, r.Index)
	b, _ = r.Unit.AppendText(b)
	b = fmt.Appendf(b, "\nsince %s\nbatch %s\nsalt %s\npath ", sinceText(r.Registered), r.Batch, r.Salt)
	if len(r.Path) == 0 {
		b = append(b, none...)
	}
	b = base64.StdEncoding.AppendEncode(b, bytes.Join(sliced(r.Path), nil))
	return append(b, '\n'), nil
}

func sliced(path []draw.Hash) [][]byte {
	all := make([][]byte, len(path))
	for i := range path {
		all[i] = path[i][:]
	}
	return all
}

// UnmarshalText reads the text of a receipt, and nothing else. If it is malformed,
// r is unchanged; an error in a line is a [*TextError].
func (r *Receipt) UnmarshalText(text []byte) error {
	if len(text) > maxReceipt {
		return fmt.Errorf("coverage: receipt has %d bytes, expected at most %d", len(text), maxReceipt)
	}
	in := newTextReader("receipt", bytes.NewReader(text))
	var next Receipt
	in.header(receiptHeader)
	in.hex("plan", next.Plan[:])
	in.hex("root", next.Root[:])
	next.Units = in.uint("units", 1, registry.MaxWeight)
	next.Index = in.uint("index", 0, max(next.Units, 1)-1)
	f := in.fields("unit", 3)
	next.Unit = registry.Unit{ID: f[0], Stratum: f[1], Weight: in.number("weight", f[2], 1, registry.MaxWeight)}
	if _, err := next.Unit.AppendText(nil); err != nil {
		in.fail("%s", strings.TrimPrefix(err.Error(), "registry: "))
	}
	if since := in.fields("since", 1)[0]; since != inFrame {
		next.Registered = in.date(since)
	}
	next.Batch = in.fields("batch", 1)[0]
	if text := label.Check(next.Batch); text != "" {
		in.fail("batch %s", text)
	}
	in.hex("salt", next.Salt[:])
	next.Path = in.path(in.fields("path", 1)[0])
	if in.end(); in.err != nil {
		return in.err
	}
	*r = next
	return nil
}

// path returns the hashes with the given text.
func (in *textReader) path(text string) (path []draw.Hash) {
	if text == none || in.err != nil {
		return nil
	}
	all, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(all) == 0 || len(all)%len(draw.Hash{}) != 0 || strings.ContainsAny(text, "\r\n") {
		in.fail("path %s is not whole hashes in standard base64", label.Quote(text))
		return nil
	}
	if n := len(all) / len(draw.Hash{}); n > maxPath {
		in.fail("path of %d hashes, expected at most %d", n, maxPath)
	}
	for ; len(all) > 0; all = all[len(draw.Hash{}):] {
		path = append(path, draw.Hash(all[:len(draw.Hash{})]))
	}
	return path
}
