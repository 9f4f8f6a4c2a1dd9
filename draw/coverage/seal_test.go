package coverage

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// sealed returns a sealed plan with its newcomers.
func sealed(t testing.TB) (*registry.Frame, *Schedule, []Newcomer, [32]byte) {
	frame := numberedFrame(t, 21, []string{"a", "b"}, []uint64{1, 2})
	plan := planOf(t, frame, 14, map[uint64][]uint64{1: {1, 2, 1, 0}, 2: {4, 1, 1, 1}})
	newcomers := []Newcomer{
		newcomer(t, "z3", "b", 2, "2026-05-01"), newcomer(t, "n1", "a", 1, "2026-02-01"), newcomer(t, "n2", "a", 1, "2026-10-01"),
	}
	return frame, run(t, plan, frame, seedOf(1)), newcomers, [32]byte(seedOf(2))
}

func TestReceipts(t *testing.T) {
	frame, s, newcomers, secret := sealed(t)
	plan := s.Plan()
	seal, err := NewSeal(s, frame, secret)
	require.NoError(t, err)
	for _, u := range frame.All() {
		r, err := seal.Receipt(u.ID)
		require.NoError(t, err)
		require.Equal(t, u, r.Unit)
		at, err := s.BatchOf(u)
		require.NoError(t, err)
		require.Equal(t, plan.Batches()[at].Label, r.Batch)
		require.NoError(t, CheckReceipt(plan, seal.Root(), r))
		text, err := r.MarshalText()
		require.NoError(t, err)
		var again Receipt
		require.NoError(t, again.UnmarshalText(text))
		require.Equal(t, *r, again)
		for _, other := range frame.All() {
			require.Equal(t, other.ID == u.ID, strings.Contains(string(text), other.ID))
		}
	}
	_, err = seal.Receipt("stranger")
	require.EqualError(t, err, `coverage: id "stranger" is not in the seal`)
	_, err = seal.Receipt("zzz")
	require.EqualError(t, err, `coverage: id "zzz" is not in the seal`)

	late, err := NewNewcomerSeal(s, frame, newcomers, secret)
	require.NoError(t, err)
	for _, n := range newcomers {
		r, err := late.Receipt(n.Unit.ID)
		require.NoError(t, err)
		at, err := s.Place(frame, n)
		require.NoError(t, err)
		require.Equal(t, plan.Batches()[at].Label, r.Batch)
		require.Equal(t, n.Registered, r.Registered)
		require.NoError(t, CheckReceipt(plan, late.Root(), r))
		require.ErrorContains(t, CheckReceipt(plan, seal.Root(), r), "it names root ")
	}
	slices.Reverse(newcomers)
	again, err := NewNewcomerSeal(s, frame, newcomers, secret)
	require.NoError(t, err)
	require.Equal(t, late.Root(), again.Root())

	one, err := NewNewcomerSeal(s, frame, newcomers[:1], secret)
	require.NoError(t, err)
	r, err := one.Receipt(newcomers[0].Unit.ID)
	require.NoError(t, err)
	require.Empty(t, r.Path)
	require.NoError(t, CheckReceipt(plan, one.Root(), r))
	text, err := r.MarshalText()
	require.NoError(t, err)
	require.Contains(t, string(text), "\npath none\n")
	require.NoError(t, new(Receipt).UnmarshalText(text))
}

// TestSaltsHide: no leaf can be guessed without the secret, nor with the wrong
// seed; each has a salt of its own.
func TestSaltsHide(t *testing.T) {
	frame, s, _, secret := sealed(t)
	seal, err := NewSeal(s, frame, secret)
	require.NoError(t, err)
	other, err := NewSeal(s, frame, [32]byte{9})
	require.NoError(t, err)
	require.NotEqual(t, seal.Root(), other.Root())
	salts := map[registry.Salt]bool{}
	for _, u := range frame.All() {
		r, err := seal.Receipt(u.ID)
		require.NoError(t, err)
		salts[r.Salt] = true
		r, err = other.Receipt(u.ID)
		require.NoError(t, err)
		salts[r.Salt] = true
	}
	require.Len(t, salts, 42)
}

func TestSealErrors(t *testing.T) {
	frame, s, newcomers, secret := sealed(t)
	_, err := NewSeal(s, frame, [32]byte{})
	require.EqualError(t, err, "coverage: the secret of the seal is all zeros")
	_, err = NewSeal(s, numberedFrame(t, 20, []string{"a", "b"}, []uint64{1, 2}), secret)
	require.EqualError(t, err, `coverage: stratum "a" has 5 units of weight 1 in the frame, 6 in the plan`)
	_, err = NewSeal(s, frameOf(t, strings.Replace(frameText(t, frame), "u000000", "t999999", 1)), secret)
	if err != nil { // a stranger's ticket may fall below the cut-offs
		require.ErrorContains(t, err, "it is not in the frame of the plan")
	}
	_, err = NewNewcomerSeal(s, frame, nil, secret)
	require.EqualError(t, err, "coverage: no newcomers to seal")
	_, err = NewNewcomerSeal(s, frame, append(newcomers, newcomers[0]), secret)
	require.EqualError(t, err, `coverage: newcomer "z3" is there twice`)
	_, err = NewNewcomerSeal(s, frame, []Newcomer{newcomer(t, "u000001", "a", 1, "2026-02-01")}, secret)
	require.EqualError(t, err, `coverage: id "u000001" is in the frame: it is no newcomer`)
}

func TestOpening(t *testing.T) {
	frame, s, _, secret := sealed(t)
	plan := s.Plan()
	seal, err := NewSeal(s, frame, secret)
	require.NoError(t, err)
	opened, err := ParseSchedule(strings.NewReader(scheduleText(t, s)), plan)
	require.NoError(t, err)
	require.NoError(t, CheckOpening(plan, frame, opened, secret, seal.Root()))

	wrong := secret
	wrong[31] ^= 1
	other, err := NewSeal(s, frame, wrong)
	require.NoError(t, err)
	require.EqualError(t, CheckOpening(plan, frame, opened, wrong, seal.Root()),
		fmt.Sprintf("coverage: seal of the opened schedule has root %x, the published one is %x", other.Root(), seal.Root()))
	require.ErrorContains(t, CheckOpening(plan, frame, run(t, plan, frame, seedOf(3)), secret, seal.Root()), "coverage: seal of the opened schedule has root ")
	require.EqualError(t, CheckOpening(plan, frame, opened, [32]byte{}, seal.Root()), "coverage: the secret of the seal is all zeros")

	// A schedule that does not follow from its seed is no opening, whatever was sealed.
	last := draw.Ticket{}
	for c := range s.Cells() {
		for _, cut := range c.Cuts {
			last = cut.Last
		}
	}
	forged, err := ParseSchedule(strings.NewReader(strings.Replace(scheduleText(t, s), last.String(), strings.Repeat("f", 32), 1)), plan)
	require.NoError(t, err)
	forgedSeal, err := NewSeal(forged, frame, secret)
	require.NoError(t, err)
	require.ErrorContains(t, CheckOpening(plan, frame, forged, secret, forgedSeal.Root()), "coverage: schedule line ")
}

// TestSaltedSeal: where the rows are not public, everything works the same.
func TestSaltedSeal(t *testing.T) {
	frame, secret := smallFrame(t), [32]byte{1}
	plan, err := NewSaltedPlan(draw.SHA256(), frame, secret, smallTerms(t))
	require.NoError(t, err)
	s := run(t, plan, frame, seedOf(1))
	seal, err := NewSeal(s, frame, [32]byte{2})
	require.NoError(t, err)
	require.NoError(t, CheckOpening(plan, frame, s, [32]byte{2}, seal.Root()))
}

func aReceipt(t testing.TB) (*Plan, *Receipt) {
	frame, s, _, secret := sealed(t)
	seal, err := NewSeal(s, frame, secret)
	require.NoError(t, err)
	r, err := seal.Receipt("u000005")
	require.NoError(t, err)
	return s.Plan(), r
}

// TestCheckReceiptFindsEveryChange changes each field of receipts, and each
// character of their texts.
func TestCheckReceiptFindsEveryChange(t *testing.T) {
	frame, s, newcomers, secret := sealed(t)
	plan := s.Plan()
	seal, err := NewSeal(s, frame, secret)
	require.NoError(t, err)
	late, err := NewNewcomerSeal(s, frame, newcomers, secret)
	require.NoError(t, err)
	fromFrame, err := seal.Receipt("u000005")
	require.NoError(t, err)
	fromLate, err := late.Receipt("n1")
	require.NoError(t, err)
	refused, found := 0, 0
	for _, r := range []*Receipt{fromFrame, fromLate} {
		root := r.Root
		text, err := r.MarshalText()
		require.NoError(t, err)
		try := func(changed string) {
			var other Receipt
			if err := other.UnmarshalText([]byte(changed)); err != nil {
				require.Equal(t, Receipt{}, other)
				refused++
				return
			}
			found++
			require.Error(t, CheckReceipt(plan, root, &other), changed)
		}
		for i := range text {
			for _, c := range []byte("0a1 \n") {
				if text[i] != c {
					changed := slices.Clone(text)
					changed[i] = c
					try(string(changed))
				}
			}
			try(string(text[:i]))
		}
		lines := strings.SplitAfter(string(text), "\n")
		for i, line := range lines[:len(lines)-1] {
			fields := strings.Fields(line)
			for k, field := range fields {
				for _, other := range append(alternatives(field), "frame", "2026-02-02", "2026Q4", "a", "b", "3") {
					if other == field {
						continue
					}
					fields[k] = other
					changed := slices.Clone(lines)
					changed[i] = strings.Join(fields, " ") + "\n"
					try(strings.Join(changed, ""))
				}
				fields[k] = field
			}
		}
	}
	require.Greater(t, refused, 1000)
	require.Greater(t, found, 100)
}

func TestCheckReceiptErrors(t *testing.T) {
	plan, good := aReceipt(t)
	root := good.Root
	cases := []struct {
		change func(*Receipt)
		want   string
	}{
		{func(r *Receipt) { r.Plan[0] ^= 1 }, "coverage: receipt of \"u000005\": it is for plan "},
		{func(r *Receipt) { r.Root[0] ^= 1 }, "coverage: receipt of \"u000005\": it names root "},
		{func(r *Receipt) { r.Unit.Weight = 3 }, `coverage: receipt of "u000005": stratum "b": the plan has no cell of weight 3`},
		{func(r *Receipt) { r.Batch = "2026Q5" }, `coverage: receipt of "u000005": the plan has no batch "2026Q5"`},
		{func(r *Receipt) { r.Units = 22 }, `coverage: receipt of "u000005": the seal has 22 units, the plan 21`},
		{func(r *Receipt) { r.Unit.Weight, r.Batch = 1, "2026Q4" }, `coverage: receipt of "u000005": no unit of its cell is in batch "2026Q4"`},
		{func(r *Receipt) { r.Registered, r.Batch = date(t, "2026-10-01"), "2026Q3" }, `coverage: receipt of "u000005": batch "2026Q3" is not open to newcomers of 2026-10-01`},
		{func(r *Receipt) { r.Registered, r.Batch = date(t, "2027-01-01"), "2026Q4" }, `coverage: receipt of "u000005": batch "2026Q4" is not open to newcomers of 2027-01-01`},
		{func(r *Receipt) { r.Salt[0] ^= 1 }, `coverage: receipt of "u000005": `},
		{func(r *Receipt) { r.Path = r.Path[1:] }, `coverage: receipt of "u000005": `},
		{func(r *Receipt) { r.Unit.ID = "u 5" }, `coverage: receipt: unit: id "u 5" has the space U+0020 at byte 2`},
		{func(r *Receipt) { r.Batch = "" }, `coverage: receipt: batch is empty`},
		{func(r *Receipt) { r.Index = 21 }, `coverage: receipt: index 21 of 21 units, expected one below up to 9223372036854775807 units`},
		{func(r *Receipt) { r.Units = 1 << 63 }, `coverage: receipt: index 5 of 9223372036854775808 units, expected one below up to 9223372036854775807 units`},
		{func(r *Receipt) { r.Path = make([]draw.Hash, 41) }, `coverage: receipt: path of 41 hashes, expected at most 40`},
	}
	require.NoError(t, CheckReceipt(plan, root, good))
	for _, c := range cases {
		r := *good
		r.Path = slices.Clone(r.Path)
		c.change(&r)
		require.ErrorContains(t, CheckReceipt(plan, root, &r), c.want)
		if strings.HasPrefix(c.want, "coverage: receipt: ") {
			text, err := r.MarshalText()
			require.EqualError(t, err, c.want)
			require.Nil(t, text)
		}
	}
}

func receiptFaults(r *Receipt) []fault {
	text, _ := r.MarshalText()
	path := strings.TrimSuffix(string(text[strings.Index(string(text), "path "):]), "\n")
	return []fault{
		{"coverage-receipt/v1", "coverage-receipt/v2", `coverage: receipt line 1: "doublerandom/coverage-receipt/v2", expected "doublerandom/coverage-receipt/v1"`},
		{"plan ", "plan  ", fmt.Sprintf(`coverage: receipt line 2: "plan  %x", expected "plan" and 1 fields with single spaces`, r.Plan)},
		{fmt.Sprintf("root %x", r.Root), "root none", `coverage: receipt line 3: root "none" is not 64 lower-case hexadecimal digits`},
		{"units 21", "units 0", "coverage: receipt line 4: units 0, expected 1 to 9223372036854775807"},
		{"index 5", "index 21", "coverage: receipt line 5: index 21, expected 0 to 20"},
		{"unit u000005 b", "unit " + long + " b", `coverage: receipt line 6: unit: id "` + long + `" has 65 bytes, at most 64`},
		{"unit u000005 b", "unit u000005 b b", `coverage: receipt line 6: "unit u000005 b b 1", expected "unit" and 3 fields with single spaces`},
		{"unit u000005 b 1", "unit u000005 b 0", "coverage: receipt line 6: weight 0, expected 1 to 9223372036854775807"},
		{"since frame", "since Frame", `coverage: receipt line 7: date "Frame": expected YYYY-MM-DD`},
		{"since frame", "since 2026-02-30", `coverage: receipt line 7: date "2026-02-30": day 30 is outside 1–28 of February 2026`},
		{"batch " + r.Batch, "batch " + long, `coverage: receipt line 8: batch "` + long[:64] + `"… has 65 bytes, expected at most 64`},
		{fmt.Sprintf("salt %s", r.Salt), fmt.Sprintf("salt %X", r.Salt[:]), fmt.Sprintf(`coverage: receipt line 9: salt "%X" is not 32 lower-case hexadecimal digits`, r.Salt[:])},
		{path, "path AAAA", `coverage: receipt line 10: path "AAAA" is not whole hashes in standard base64`},
		{path, "path ", `coverage: receipt line 10: path "" is not whole hashes in standard base64`},
		{path, "path " + strings.Repeat("A", 42) + "B=", `coverage: receipt line 10: path "` + strings.Repeat("A", 42) + `B=" is not whole hashes in standard base64`},
		{path, "path " + strings.Repeat("A", 1748), `coverage: receipt line 10: path "` + strings.Repeat("A", 80) + `"… (1748 bytes) is not whole hashes in standard base64`},
		{path, "path " + strings.Repeat("A", 42*128/3), "coverage: receipt line 10: path of 42 hashes, expected at most 40"},
		{path, "path none\n", `coverage: receipt line 11: "", expected the end`},
		{path, path + strings.Repeat("A", 2900), fmt.Sprintf("coverage: receipt has %d bytes, expected at most 2900", len(text)+2900)},
	}
}

func TestReceiptTextErrors(t *testing.T) {
	_, r := aReceipt(t)
	text, err := r.MarshalText()
	require.NoError(t, err)
	for _, f := range receiptFaults(r) {
		require.Contains(t, string(text), f.old)
		other := Receipt{Batch: "unchanged"}
		require.EqualError(t, other.UnmarshalText([]byte(strings.Replace(string(text), f.old, f.new, 1))), f.want)
		require.Equal(t, Receipt{Batch: "unchanged"}, other)
	}
}

// TestLongestReceipt: every receipt fits.
func TestLongestReceipt(t *testing.T) {
	label := strings.Repeat("西", 21) + "x"
	r := &Receipt{Units: registry.MaxWeight, Index: registry.MaxWeight - 1, Batch: label, Path: make([]draw.Hash, maxPath),
		Unit: registry.Unit{ID: label, Stratum: label, Weight: registry.MaxWeight}, Registered: date(t, "2026-01-01")}
	text, err := r.MarshalText()
	require.NoError(t, err)
	require.Less(t, len(text), maxReceipt)
	var again Receipt
	require.NoError(t, again.UnmarshalText(text))
	require.Equal(t, *r, again)
}
