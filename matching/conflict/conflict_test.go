package conflict

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/matching"
	"github.com/stretchr/testify/require"
)

func tables() *Tables {
	return &Tables{
		Persons:     []Person{{"i-wang", "p-wang"}, {"i-li", "p-li"}, {"i-zhao", "p-zhao"}},
		Kin:         []Kin{{"p-wang", "p-wang-jr"}, {"p-wang-jr", "p-wang-jr-wife"}, {"p-wang-jr-wife", "p-far"}},
		Offices:     []Office{{"p-wang-jr-wife", "bakery"}, {"p-far", "dairy"}, {"p-li", "canteen"}},
		Shares:      []Share{{"p-li", "holding", 500_000}, {"holding", "eatery", 100_000}, {"p-li", "eatery", 1_000}, {"p-wang-jr", "grill", 60_000}, {"eatery", "holding", 900_000}},
		Employments: []Employment{{"i-zhao", "bakery", "2024-01-31"}, {"i-zhao", "dairy", "2023-11-30"}, {"i-zhao", "grill", ""}},
		Addresses:   []Registered{{"i-zhao", "", "1 Main Street"}, {"", "inn", "1 Main Street"}, {"", "kiosk", "2 Main Street"}},
		Recusals:    []Recusal{{"i-li", "bakery", "went to school with the owner"}},
		Petitions:   []Recusal{{"i-wang", "bakery", "a lawsuit"}},
		Visits:      []Visit{{7, "dairy", []string{"i-wang", "i-li"}}, {9, "inn", []string{"i-zhao", "i-li"}}, {10, "kiosk", []string{"i-wang", "i-zhao"}}},
	}
}

func lines(f *Found) (all []string) {
	for _, c := range f.Conflicts {
		for _, s := range c.Sources {
			all = append(all, fmt.Sprintf("%s %s: %s (%s)", c.Entity, c.Inspector, s.Rule, strings.Join(s.Rows, ", ")))
		}
	}
	for _, a := range f.Apart {
		all = append(all, fmt.Sprintf("%s with %s (%s)", a.A, a.B, strings.Join(a.Sources[0].Rows, ", ")))
	}
	return all
}

func TestExpand(t *testing.T) {
	rules := Rules{Degrees: 2, SharePPM: 50_000, CoolingOff: 36, SameAddress: true, Entity: 2, Pair: 1}
	f, err := Expand(rules, tables(), "2026-12-01", 11)
	require.NoError(t, err)
	require.Equal(t, []string{
		"bakery i-li: declared (recusal 1)",
		"bakery i-wang: kinship (kin 1, kin 2, office 1, person 1)",
		"bakery i-wang: petition (petition 1)",
		"bakery i-zhao: former-employer (employment 1)", // until 2027-01-31
		"canteen i-li: kinship (office 3, person 2)",
		// 50 % of 10 % and 0.1 %, and 0.1 % of 90 % of itself is a circle: 5.1 %.
		"eatery i-li: shareholding (person 2, share 1, share 2, share 3)",
		"grill i-wang: kinship (kin 1, person 1, share 4)",
		"grill i-zhao: former-employer (employment 3)",
		"holding i-li: shareholding (person 2, share 1, share 3, share 5)",
		"inn i-li: rotation (visit 2)",
		"inn i-zhao: rotation (visit 2)",
		"inn i-zhao: same-address (address 1, address 2)",
		"kiosk i-wang: rotation (visit 3)",
		"kiosk i-zhao: rotation (visit 3)",
		"i-wang with i-zhao (visit 3)",
	}, lines(f))
	require.Len(t, f.Exclusions(), 14)
	require.Equal(t, matching.Exclusion{Task: "bakery", Inspector: "i-li", Reason: "declared"}, f.Exclusions()[0])
	require.Equal(t, []matching.Pair{{A: "i-wang", B: "i-zhao", Reason: "rotation"}}, f.Pairs())

	// Rules that are off find nothing but what was declared.
	f, err = Expand(Rules{}, tables(), "2026-12-01", 11)
	require.NoError(t, err)
	require.Equal(t, []string{"bakery i-li: declared (recusal 1)", "bakery i-wang: petition (petition 1)"}, lines(f))

	// At the limits of each rule.
	for _, c := range []struct {
		rules Rules
		on    string
		find  string
		found bool
	}{
		{Rules{Degrees: 3}, "2026-12-01", "dairy i-wang: kinship", true},
		{Rules{Degrees: 2}, "2026-12-01", "dairy i-wang: kinship", false},
		{Rules{SharePPM: 51_000}, "2026-12-01", "eatery i-li: shareholding", true},
		{Rules{SharePPM: 51_001}, "2026-12-01", "eatery i-li: shareholding", false},
		{Rules{CoolingOff: 36}, "2027-01-30", "bakery i-zhao: former-employer", true},
		{Rules{CoolingOff: 36}, "2027-01-31", "bakery i-zhao: former-employer", false},
		{Rules{CoolingOff: 1}, "2024-02-29", "bakery i-zhao: former-employer", true},
		{Rules{CoolingOff: 1}, "2024-03-01", "bakery i-zhao: former-employer", false},
		{Rules{Entity: 4}, "2026-12-01", "dairy i-wang: rotation", true},
		{Rules{Entity: 3}, "2026-12-01", "dairy i-wang: rotation", false},
		{Rules{Pair: 2}, "2026-12-01", "i-li with i-zhao", true},
		{Rules{Pair: 1}, "2026-12-01", "i-li with i-zhao", false},
	} {
		f, err := Expand(c.rules, tables(), c.on, 11)
		require.NoError(t, err)
		require.Equal(t, c.found, slices.ContainsFunc(lines(f), func(l string) bool { return strings.HasPrefix(l, c.find) }), "%+v", c)
	}
}

// TestOrderOfRows shuffles the tables: what is found is the same, but for the rows' numbers.
func TestOrderOfRows(t *testing.T) {
	rules := Rules{Degrees: 3, SharePPM: 1000, CoolingOff: 60, SameAddress: true, Entity: 9, Pair: 9}
	want, err := Expand(rules, tables(), "2026-12-01", 11)
	require.NoError(t, err)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		s := tables()
		rng.Shuffle(len(s.Persons), func(i, j int) { s.Persons[i], s.Persons[j] = s.Persons[j], s.Persons[i] })
		rng.Shuffle(len(s.Kin), func(i, j int) { s.Kin[i], s.Kin[j] = s.Kin[j], s.Kin[i] })
		rng.Shuffle(len(s.Shares), func(i, j int) { s.Shares[i], s.Shares[j] = s.Shares[j], s.Shares[i] })
		rng.Shuffle(len(s.Visits), func(i, j int) { s.Visits[i], s.Visits[j] = s.Visits[j], s.Visits[i] })
		have, err := Expand(rules, s, "2026-12-01", 11)
		require.NoError(t, err)
		require.Equal(t, want.Exclusions(), have.Exclusions())
		require.Equal(t, want.Pairs(), have.Pairs())
	}
}

func TestErrors(t *testing.T) {
	for want, edit := range map[string]func(r *Rules, s *Tables){
		"conflict: kinship to degree 9, expected 0 to 8":                        func(r *Rules, s *Tables) { r.Degrees = 9 },
		"conflict: shares of 1000001 millionths, expected 0 to 1000000":         func(r *Rules, s *Tables) { r.SharePPM = 1_000_001 },
		"conflict: cooling-off of -1 months, expected 0 to 1200":                func(r *Rules, s *Tables) { r.CoolingOff = -1 },
		`conflict: person 4: inspector "i-li" is person "p-li" already`:         func(r *Rules, s *Tables) { s.Persons = append(s.Persons, Person{"i-li", "p"}) },
		"conflict: kin 2: ID is empty":                                          func(r *Rules, s *Tables) { s.Kin[1].B = "" },
		"conflict: share 3: a share of 0 millionths, expected 1 to 1000000":     func(r *Rules, s *Tables) { s.Shares[2].PPM = 0 },
		`conflict: employment 1: day "31.1.2024" is not of the form YYYY-MM-DD`: func(r *Rules, s *Tables) { s.Employments[0].Until = "31.1.2024" },
		"conflict: address 1: expected either an inspector or an entity":        func(r *Rules, s *Tables) { s.Addresses[0].Entity = "x" },
		"conflict: recusal 1: the reason is empty":                              func(r *Rules, s *Tables) { s.Recusals[0].Reason = "" },
		"conflict: visit 3: round 12, expected 1 to the present one, 11":        func(r *Rules, s *Tables) { s.Visits[2].Round = 12 },
	} {
		r, s := Rules{}, tables()
		edit(&r, s)
		_, err := Expand(r, s, "2026-12-01", 11)
		require.EqualError(t, err, want)
	}
	_, err := Expand(Rules{}, tables(), "today", 11)
	require.EqualError(t, err, `conflict: day "today" is not of the form YYYY-MM-DD`)
}

// TestHostileTables has graphs with more ways than there is time for.
func TestHostileTables(t *testing.T) {
	s := &Tables{Persons: []Person{{"i", "p"}}}
	for a := range 40 {
		for b := range 40 {
			s.Shares = append(s.Shares, Share{fmt.Sprint("e", a), fmt.Sprint("e", b), 500_000})
		}
		s.Shares = append(s.Shares, Share{"p", fmt.Sprint("e", a), 500_000})
	}
	_, err := Expand(Rules{SharePPM: 1}, s, "2026-12-01", 1)
	require.EqualError(t, err, `conflict: person "p" holds shares by more than 65536 chains`)
	s = &Tables{Persons: []Person{{"i", "p"}}}
	for a := range 300 {
		s.Kin = append(s.Kin, Kin{"p", fmt.Sprint("q", a)})
		for b := range 300 {
			s.Kin = append(s.Kin, Kin{fmt.Sprint("q", a), fmt.Sprint("q", a, "-", b)})
		}
	}
	_, err = Expand(Rules{Degrees: 2}, s, "2026-12-01", 1)
	require.EqualError(t, err, `conflict: person "p" has more than 65536 relatives within 2 degrees`)
}

func TestLedger(t *testing.T) {
	rules := Rules{Degrees: 2, SharePPM: 50_000, CoolingOff: 36, SameAddress: true, Entity: 2, Pair: 1}
	f, err := Expand(rules, tables(), "2026-12-01", 11)
	require.NoError(t, err)
	secret := sha256.Sum256([]byte("secret"))
	l, err := NewLedger(sha256.New, secret, f.Exclusions(), func(e matching.Exclusion) [32]byte {
		if e.Reason == Declared {
			return sha256.Sum256([]byte("a file"))
		}
		return [32]byte{}
	})
	require.NoError(t, err)
	require.Equal(t, 14, l.Len())
	require.Equal(t, map[string]int{Kinship: 3, Declared: 1, Petition: 1, Former: 2, Shareholding: 2, Rotation: 4, Address: 1}, l.Counts())
	own := l.Open(func(inspector, task, class string) bool { return inspector == "i-wang" })
	require.Len(t, own, 4)
	for _, o := range own {
		require.NoError(t, CheckOpening(sha256.New, l.Root(), o))
		require.NotContains(t, o.Leaf, "wang")
		o.Leaf = strings.Replace(o.Leaf, " ", "  ", 1)
		require.ErrorContains(t, CheckOpening(sha256.New, l.Root(), o), "expected pseudonym, task, class, evidence and salt")
	}
	own[0].Index++
	require.ErrorContains(t, CheckOpening(sha256.New, l.Root(), own[0]), "conflict: leaf 2: ")
	// Kinship and petition of one pair look like one.
	require.Len(t, l.Public(func(task string) bool { return task == "bakery" }), 3)
	other, err := NewLedger(sha256.New, sha256.Sum256([]byte("another draw")), f.Exclusions(), nil)
	require.NoError(t, err)
	for _, line := range other.Public(func(string) bool { return true }) {
		require.NotContains(t, l.Public(func(string) bool { return true }), line)
	}
	_, err = NewLedger(sha256.New, secret, []matching.Exclusion{{Task: "t", Inspector: "i"}}, nil)
	require.EqualError(t, err, `conflict: exclusion of "i" from "t": a field is empty`)
}

// BenchmarkExpand is a city: 26,520 inspectors with two relatives each, a million
// shares, and the visits of a year.
func BenchmarkExpand(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	s := &Tables{}
	for i := range 26_520 {
		person := fmt.Sprint("p", i)
		s.Persons = append(s.Persons, Person{fmt.Sprint("i", i), person})
		s.Kin = append(s.Kin, Kin{person, person + "a"}, Kin{person + "a", person + "b"})
	}
	for n := range 1_000_000 {
		s.Shares = append(s.Shares, Share{fmt.Sprint("p", rng.IntN(2_000_000)), fmt.Sprint("e", n), uint64(1 + rng.IntN(1_000_000))})
	}
	for n := range 11_300 {
		s.Visits = append(s.Visits, Visit{uint64(1 + n/1000), fmt.Sprint("e", n), []string{fmt.Sprint("i", rng.IntN(26_520)), fmt.Sprint("i", rng.IntN(26_520))}})
	}
	b.ResetTimer()
	for range b.N {
		f, err := Expand(Rules{Degrees: 2, SharePPM: 50_000, Entity: 3, Pair: 3}, s, "2026-12-01", 12)
		require.NoError(b, err)
		b.ReportMetric(float64(len(f.Conflicts)), "conflicts")
	}
}
