package registry

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func newRegistryOf(t testing.TB, list ...Entity) *Registry {
	t.Helper()
	reg, report, err := Import(func(yield func(Entity, error) bool) {
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
	}, Checks{})
	require.NoError(t, err)
	require.Zero(t, report.Rejected)
	return reg
}

// TestReasonsInOrder takes an entity that every rule leaves out, and drops the
// rules one by one.
func TestReasonsInOrder(t *testing.T) {
	e := Entity{ID: "x", Domain: Institution, Division: "110101", Industry: Industry{2017, "0111"},
		Status: Closed, LastInspected: mustDate(t, "2024-05-01")}
	other := Entity{ID: "other", Domain: Enterprise, Division: "370202001", Industry: Industry{2017, "8210"}, Status: Active}
	reg := newRegistryOf(t, e, other)
	rules := Rules{
		On:         mustDate(t, "2024-06-01"),
		Statuses:   []Status{Active, Suspended},
		Target:     Target{Domains: []Domain{Enterprise, OtherDomain}, Divisions: []string{"370300", "370202"}, Industries: []Industry{{2017, "51"}, {2017, "82"}}},
		RestMonths: 6,
		MaxVisits:  2,
		Visits:     func(id string) uint { return map[string]uint{"x": 2, "other": 1}[id] },
		Excluded:   map[string]string{"x": "court-order"},
	}
	for _, step := range []struct {
		reason string
		drop   func()
	}{
		{"named:court-order", func() { rules.Excluded = nil }},
		{ReasonStatus, func() { rules.Statuses = nil }},
		{ReasonDomain, func() { rules.Target.Domains = nil }},
		{ReasonDivision, func() { rules.Target.Divisions = nil }},
		{ReasonIndustry, func() { rules.Target.Industries = nil }},
		{ReasonRecent, func() { rules.RestMonths = 0 }},
		{ReasonFrequency, func() { rules.MaxVisits = 0 }},
	} {
		f, out, err := reg.Frame(rules)
		require.NoError(t, err)
		require.Equal(t, []Exclusion{{"x", step.reason}}, slices.Collect(out.All()))
		require.Equal(t, []ReasonCount{{step.reason, 1}}, out.Counts())
		require.Equal(t, []Unit{{"other", "all", 1}}, allUnits(f))
		step.drop()
	}
	f, out, err := reg.Frame(rules)
	require.NoError(t, err)
	require.Zero(t, out.Len())
	require.Equal(t, []Unit{{"other", "all", 1}, {"x", "all", 1}}, allUnits(f))
}

func TestZeroRules(t *testing.T) {
	reg := newRegistryOf(t, Entity{ID: "b"}, Entity{ID: "a", Status: Revoked}, Entity{ID: "青"})
	f, out, err := reg.Frame(Rules{})
	require.NoError(t, err)
	require.Zero(t, out.Len())
	require.Equal(t, []Unit{{"a", "all", 1}, {"b", "all", 1}, {"青", "all", 1}}, allUnits(f))
}

// TestRestMonths looks at the borders: who was inspected exactly RestMonths ago
// is eligible again.
func TestRestMonths(t *testing.T) {
	for _, tt := range []struct {
		on, inspected string
		months        int
		eligible      bool
	}{
		{"2024-06-15", "", 6, true},
		{"2024-06-15", "2023-12-14", 6, true},
		{"2024-06-15", "2023-12-15", 6, true},
		{"2024-06-15", "2023-12-16", 6, false},
		{"2024-06-15", "2024-06-14", 6, false},
		{"2024-06-15", "2024-06-15", 6, false},
		{"2024-06-15", "2024-06-16", 6, false}, // after the day of the frame
		{"2024-06-15", "9999-12-31", 1, false},
		{"2024-06-15", "2024-06-15", 0, true}, // no such rule
		{"2024-03-31", "2024-02-29", 1, true}, // the shorter month ends earlier
		{"2024-03-31", "2024-03-01", 1, false},
		{"2024-02-29", "2023-02-28", 12, true},
		{"2024-02-29", "2023-03-01", 12, false},
		{"2024-06-15", "0001-01-02", 1 << 30, false},
	} {
		e := Entity{ID: "x"}
		if tt.inspected != "" {
			e.LastInspected = mustDate(t, tt.inspected)
		}
		reg := newRegistryOf(t, e, Entity{ID: "never"})
		f, out, err := reg.Frame(Rules{On: mustDate(t, tt.on), RestMonths: tt.months})
		require.NoError(t, err)
		_, in := f.Find("x")
		require.Equal(t, tt.eligible, in, "%+v", tt)
		if reason, ok := out.Reason("x"); ok {
			require.Equal(t, ReasonRecent, reason)
		}
		require.Equal(t, 2, f.Len()+out.Len())
	}
}

func TestMaxVisits(t *testing.T) {
	reg := newRegistryOf(t, Entity{ID: "0"}, Entity{ID: "1"}, Entity{ID: "2"}, Entity{ID: "3"})
	visits := func(id string) uint { return uint(id[0] - '0') }
	f, out, err := reg.Frame(Rules{MaxVisits: 2, Visits: visits})
	require.NoError(t, err)
	require.Equal(t, "0 all 1\n1 all 1\n", frameText(t, f))
	require.Equal(t, "2 frequency\n3 frequency\n", exclusionsText(t, out))
}

func TestTargetIndustries(t *testing.T) {
	reg := newRegistryOf(t,
		Entity{ID: "class", Industry: Industry{2017, "8210"}},
		Entity{ID: "division", Industry: Industry{2017, "82"}},
		Entity{ID: "education", Industry: Industry{2017, "83"}},
		Entity{ID: "none"},
		Entity{ID: "older", Industry: Industry{2011, "8210"}},
		Entity{ID: "section", Industry: Industry{2017, "N"}})
	for _, tt := range []struct {
		industries []Industry
		table      *Industries
		want       []string
	}{
		{nil, nil, []string{"class", "division", "education", "none", "older", "section"}},
		{[]Industry{{2017, "82"}}, nil, []string{"class", "division"}},
		{[]Industry{{2017, "8210"}, {2011, "82"}}, nil, []string{"class", "older"}},
		{[]Industry{{2017, "N"}}, nil, []string{"section"}}, // which codes a section has is for the table to say
		{[]Industry{{2017, "N"}}, twoEditions(t), []string{"class", "division", "section"}},
		{[]Industry{{2017, "P"}, {2017, "8210"}}, twoEditions(t), []string{"class", "education"}},
	} {
		f, out, err := reg.Frame(Rules{Target: Target{Industries: tt.industries}, Industries: tt.table})
		require.NoError(t, err)
		var ids []string
		for _, u := range f.All() {
			ids = append(ids, u.ID)
		}
		require.Equal(t, tt.want, ids)
		for row := range out.All() {
			require.Equal(t, ReasonIndustry, row.Reason)
		}
		require.Equal(t, reg.Len(), f.Len()+out.Len())
	}
}

func TestWithinDivision(t *testing.T) {
	for _, tt := range []struct {
		division, in string
		want         bool
	}{
		{"370202", "370202", true}, {"370202", "370200", true}, {"370202", "370000", true},
		{"370202001", "370202", true}, {"370202001", "370200", true}, {"370202001", "370202001", true},
		{"370200", "370200", true}, {"370200", "370000", true},
		{"370202", "370202001", false}, {"370200", "370202", false}, {"370000", "370200", false},
		{"370202", "370203", false}, {"370302", "370200", false}, {"360202", "370000", false},
		{"370202002", "370202001", false},
		{"469021", "469000", true}, {"460100", "469000", false}, // 469000 is "directly under the province"
		{"500101", "500000", true}, {"500101", "500100", true}, {"510101", "500000", false},
		{"", "370202", false}, {"", "370000", false}, {"370202", "", false}, {"", "", false},
	} {
		require.Equal(t, tt.want, WithinDivision(tt.division, tt.in), "%q in %q", tt.division, tt.in)
	}
}

func TestRulesErrors(t *testing.T) {
	reg := newRegistryOf(t, Entity{ID: "b", Status: Closed}, Entity{ID: "a", Status: Active})
	visits := func(string) uint { return 0 }
	on := mustDate(t, "2024-01-01")
	for _, tt := range []struct {
		name  string
		rules Rules
		want  string
	}{
		{"negative months", Rules{On: on, RestMonths: -1}, `registry: frame rules: RestMonths is -1, expected 0 or more`},
		{"months without a day", Rules{RestMonths: 1}, `registry: frame rules: RestMonths needs the day On`},
		{"visits not given", Rules{MaxVisits: 1}, `registry: frame rules: MaxVisits needs Visits`},
		{"unknown id", Rules{Excluded: map[string]string{"z": "x", "y": "x", "a": "x"}},
			`registry: frame rules: excluded id "y" is not in the registry`},
		{"no reason", Rules{Excluded: map[string]string{"a": ""}},
			`registry: frame rules: excluded id "a": reason "", expected 1–58 bytes without spaces`},
		{"space in a reason", Rules{Excluded: map[string]string{"a": "court order"}},
			`registry: frame rules: excluded id "a": reason "court order", expected 1–58 bytes without spaces`},
		{"long reason", Rules{Excluded: map[string]string{"a": strings.Repeat("x", 59)}},
			`registry: frame rules: excluded id "a": reason "` + strings.Repeat("x", 59) + `", expected 1–58 bytes without spaces`},
		{"all left out", Rules{Statuses: []Status{Revoked}, Visits: visits},
			`registry: frame has no units: the rules leave out all 2 entities`},
		{"no label", Rules{Stratum: func(e Entity) (string, error) { return "", nil }},
			`registry: frame: unit "b": stratum is empty`},
		{"bad label", Rules{Stratum: func(e Entity) (string, error) { return "市 南", nil }},
			`registry: frame: unit "b": stratum "市 南" has the space U+0020 at byte 4`},
		{"labeler fails", Rules{Stratum: func(e Entity) (string, error) { return "", fmt.Errorf("no map for %s", e.ID) }},
			`registry: frame: stratum of "b": no map for b`},
		{"weight 0", Rules{Weight: func(e Entity) (uint64, error) { return 0, nil }},
			`registry: frame: unit "b": weight 0, expected 1 to 9223372036854775807`},
		{"weigher fails", Rules{Weight: func(e Entity) (uint64, error) { return 1, errors.New("no class") }},
			`registry: frame: weight of "b": no class`},
		{"total weight", Rules{Weight: func(e Entity) (uint64, error) { return MaxWeight, nil }},
			`registry: frame: unit "a": weight 9223372036854775807 takes the total over 9223372036854775807`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, out, err := reg.Frame(tt.rules)
			require.EqualError(t, err, tt.want)
			require.Nil(t, f)
			require.Nil(t, out)
		})
	}
	_, _, err := new(Registry).Frame(Rules{})
	require.EqualError(t, err, `registry: frame has no units: the rules leave out all 0 entities`)
	_, out, err := reg.Frame(Rules{Excluded: map[string]string{"a": strings.Repeat("x", 58)}})
	require.NoError(t, err)
	require.Equal(t, "a named:"+strings.Repeat("x", 58)+"\n", exclusionsText(t, out))
}

// randomEntities returns n entities in random order, with few different values.
func randomEntities(r *rand.Rand, n int) []Entity {
	divisions := []string{"", "370202", "370203", "370202001", "370302", "110101"}
	industries := []Industry{{}, {2017, "8210"}, {2017, "83"}, {2011, "8210"}, {2017, "N"}}
	list := make([]Entity, n)
	for i := range list {
		list[i] = Entity{
			ID:       fmt.Sprintf("%d-%d", r.IntN(100), i),
			Domain:   Domain(r.IntN(len(domainNames))),
			Division: divisions[r.IntN(len(divisions))],
			Industry: industries[r.IntN(len(industries))],
			Status:   Status(r.IntN(len(statusNames))),
		}
		if r.IntN(2) == 0 {
			list[i].LastInspected = Date{int32(738_000 + r.IntN(1000))} // 2021 to 2024
		}
	}
	return list
}

// randomRules returns rules of which each part is there half the time.
func randomRules(r *rand.Rand, list []Entity) Rules {
	var rules Rules
	maybe := func(f func()) {
		if r.IntN(2) == 0 {
			f()
		}
	}
	maybe(func() { rules.Statuses = []Status{Active, Status(r.IntN(8)), Status(r.IntN(8)), StatusUnknown, Closed} })
	maybe(func() { rules.Target.Domains = []Domain{Enterprise, Domain(r.IntN(6)), DomainUnknown} })
	maybe(func() { rules.Target.Divisions = []string{[]string{"370200", "370000", "370202"}[r.IntN(3)], "110100"} })
	maybe(func() {
		rules.Target.Industries = []Industry{{2017, []string{"8", "82", "83", "N"}[r.IntN(4)]}, {2011, "82"}}
	})
	maybe(func() { rules.RestMonths = r.IntN(30) })
	maybe(func() {
		rules.MaxVisits, rules.Visits = uint(r.IntN(4)), func(id string) uint { return uint(id[0]) % 4 }
	})
	maybe(func() {
		rules.Excluded = map[string]string{}
		for range r.IntN(5) {
			rules.Excluded[list[r.IntN(len(list))].ID] = fmt.Sprint("x", r.IntN(2))
		}
	})
	maybe(func() { rules.Stratum = StratumBy(ByDivision(6), ByDomain()) })
	maybe(func() { rules.Weight = func(e Entity) (uint64, error) { return uint64(e.Status) + 1, nil } })
	rules.On = Date{738_900}
	return rules
}

// TestRulesAddUp checks that each entity of random registries is in the frame or
// left out for the first reason that holds, and that all counts add up.
func TestRulesAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	seen := map[string]bool{}
	frames := 0
	for range 400 {
		list := randomEntities(r, 1+r.IntN(60))
		rules := randomRules(r, list)
		if r.IntN(2) == 0 {
			rules.Industries = twoEditions(t)
		}
		want := map[string]string{}
		for _, e := range list {
			want[e.ID] = slowReason(rules, e)
		}
		f, out, err := newRegistryOf(t, list...).Frame(rules)
		if err != nil {
			require.EqualError(t, err, fmt.Sprintf("registry: frame has no units: the rules leave out all %d entities", len(list)))
			for id, reason := range want {
				require.NotEmpty(t, reason, id)
			}
			continue
		}
		frames++
		require.Equal(t, len(list), f.Len()+out.Len())
		sum, last := f.Len(), ""
		for _, c := range out.Counts() {
			require.Less(t, last, c.Reason)
			require.Positive(t, c.Count)
			last, sum = c.Reason, sum+c.Count
			seen[c.Reason] = true
		}
		require.Equal(t, len(list), sum)
		last = ""
		for row := range out.All() {
			require.Less(t, last, row.ID)
			require.Equal(t, want[row.ID], row.Reason)
			last = row.ID
		}
		for _, e := range list {
			reason, ok := out.Reason(e.ID)
			i, in := f.Find(e.ID)
			require.NotEqual(t, ok, in)
			require.Equal(t, want[e.ID], reason)
			if in && rules.Weight != nil {
				require.Equal(t, uint64(e.Status)+1, f.At(i).Weight)
			}
		}
		parsed, err := ParseExclusions(strings.NewReader(exclusionsText(t, out)))
		require.NoError(t, err)
		require.Equal(t, slices.Collect(out.All()), slices.Collect(parsed.All()))
		require.Equal(t, out.Counts(), parsed.Counts())

		// The order of the registry plays no part.
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		f2, out2, err := newRegistryOf(t, list...).Frame(rules)
		require.NoError(t, err)
		require.Equal(t, f, f2)
		require.Equal(t, exclusionsText(t, out), exclusionsText(t, out2))
	}
	require.Greater(t, frames, 200)
	require.Len(t, seen, 8, "named:x0, named:x1 and the six others all occur")
}

// slowReason tries the reasons in the order of their documentation.
func slowReason(rules Rules, e Entity) string {
	eligible := map[string]bool{
		ReasonStatus: rules.Statuses == nil, ReasonDomain: rules.Target.Domains == nil,
		ReasonDivision: rules.Target.Divisions == nil, ReasonIndustry: rules.Target.Industries == nil,
	}
	for _, s := range rules.Statuses {
		eligible[ReasonStatus] = eligible[ReasonStatus] || s == e.Status
	}
	for _, d := range rules.Target.Domains {
		eligible[ReasonDomain] = eligible[ReasonDomain] || d == e.Domain
	}
	for _, d := range rules.Target.Divisions {
		eligible[ReasonDivision] = eligible[ReasonDivision] || strings.HasPrefix(e.Division, strings.TrimRight(d, "0"))
	}
	for _, i := range rules.Target.Industries {
		eligible[ReasonIndustry] = eligible[ReasonIndustry] || e.Industry.Within(i) ||
			rules.Industries != nil && i.Code == "N" && e.Industry == Industry{2017, "8210"}
	}
	since := rules.On.AddMonths(-rules.RestMonths)
	eligible[ReasonRecent] = rules.RestMonths == 0 || e.LastInspected.n <= since.n
	eligible[ReasonFrequency] = rules.MaxVisits == 0 || rules.Visits(e.ID) < rules.MaxVisits
	if reason, ok := rules.Excluded[e.ID]; ok {
		return "named:" + reason
	}
	for _, reason := range []string{ReasonStatus, ReasonDomain, ReasonDivision, ReasonIndustry, ReasonRecent, ReasonFrequency} {
		if !eligible[reason] {
			return reason
		}
	}
	return ""
}
