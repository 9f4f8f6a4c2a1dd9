package model

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"testing"

	"github.com/doublerandom/doublerandom/internal/realdata"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// TestReady reads all ready-made models, and looks that nobody is exempt.
func TestReady(t *testing.T) {
	for text, tt := range map[string]struct {
		model   *Model
		name    string
		classes int
	}{
		fhrs: {FHRS(), "fhrs", 6}, nyc: {NYC(), "nyc-letter-grade", 3}, fmcsa: {FMCSA(), "fmcsa-basics", 3},
		china4: {China4(), "china-credit-risk-4", 4}, china5: {China5(), "china-credit-risk-5", 5},
	} {
		require.Equal(t, text, textOf(t, tt.model))
		require.Equal(t, tt.name, tt.model.Name())
		n, rate, weight := 0, registry.PPM(0), uint64(0)
		for c := range tt.model.Classes() {
			n++
			require.Greater(t, c.Rate, rate, "the riskier, the more")
			require.Greater(t, c.Weight, weight)
			rate, weight = c.Rate, c.Weight
		}
		require.Equal(t, tt.classes, n)
	}
	require.PanicsWithValue(t, "model: ready-made model: line 1: end of text, expected 4 lines and terms and classes", func() { mustParse("") })
}

// rating is the published rule of the Food Hygiene Rating Scheme.
func rating(hygiene, structural, management int) string {
	total, highest := hygiene+structural+management, max(hygiene, structural, management)
	switch {
	case total <= 15 && highest <= 5:
		return "5"
	case total <= 20 && highest <= 10:
		return "4"
	case total <= 30 && highest <= 10:
		return "3"
	case total <= 40 && highest <= 15:
		return "2"
	case total <= 50 && highest <= 20:
		return "1"
	}
	return "0"
}

func fhrsFacts(m *Model, day registry.Date, scores ...string) (facts []Fact, err error) {
	for i, score := range scores {
		f, err := m.ParseFact(fmt.Sprintf("%s 0 %s %s 1", day, m.def.Terms[i].Label, score))
		if err != nil {
			return nil, err
		}
		facts = append(facts, f)
	}
	return facts, nil
}

// TestFHRSAllScores rates all 180 combinations of scores.
func TestFHRSAllScores(t *testing.T) {
	m := FHRS()
	s := scorer(t, m, "2026-11-27")
	counts, n := map[string]int{}, 0
	for _, hygiene := range []int{0, 5, 10, 15, 20, 25} {
		for _, structural := range []int{0, 5, 10, 15, 20, 25} {
			for _, management := range []int{0, 5, 10, 20, 30} {
				facts, err := fhrsFacts(m, date("2026-11-01"), strconv.Itoa(hygiene), strconv.Itoa(structural), strconv.Itoa(management))
				require.NoError(t, err)
				got, err := s.Score(facts)
				require.NoError(t, err)
				require.Equal(t, rating(hygiene, structural, management), got.Class.Label, got.String())
				require.Equal(t, uint64(hygiene+structural+management), got.Total)
				requireReads(t, got.String())
				counts[got.Class.Label]++
				n++
			}
		}
	}
	require.Equal(t, 180, n)
	require.Equal(t, map[string]int{"5": 8, "4": 15, "3": 4, "2": 21, "1": 49, "0": 83}, counts)
	for _, score := range []string{"1", "15", "25", "35", "-5", "5.0", ""} { // confidence in management
		_, err := fhrsFacts(m, date("2026-11-01"), "0", "0", score)
		require.IsType(t, &PointsError{}, err)
	}
}

// TestFHRSNorwich reproduces the published ratings of a city.
func TestFHRSNorwich(t *testing.T) {
	rows, err := csv.NewReader(bytes.NewReader(realdata.Read(t, "fhrs_norwich_2026.csv.gz"))).ReadAll()
	require.NoError(t, err)
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	m := FHRS()
	s := scorer(t, m, "2026-11-27")
	rated, wrong, classes := 0, 0, map[string]int{}
	for _, row := range rows[1:] {
		published, hygiene := row[column["rating"]], row[column["hygiene"]]
		if _, err := strconv.Atoi(published); err != nil || hygiene == "" {
			continue
		}
		facts, err := fhrsFacts(m, date(row[column["rating_date"]]), hygiene, row[column["structural"]], row[column["confidence_in_management"]])
		require.NoError(t, err)
		class, _, err := s.Classify(facts)
		require.NoError(t, err)
		rated++
		classes[class.Label]++
		if class.Label != published {
			wrong++
		}
	}
	require.Equal(t, 1319, rated)
	require.Zero(t, wrong) // firms are not named
	require.Greater(t, len(classes), 4)
}

// TestNYCBoundaries looks at the points around the ends of grades.
func TestNYCBoundaries(t *testing.T) {
	m := NYC()
	s := scorer(t, m, "2026-11-27")
	for points := range 99 {
		f := readFacts(t, m, "2026-11-01 0 general 2 1")[0]
		if f.Points = uint32(points); points == 1 {
			continue // no violation has 1
		}
		want := "C"
		if points <= 13 {
			want = "A"
		} else if points <= 27 {
			want = "B"
		}
		c, n, err := s.Classify([]Fact{f})
		require.NoError(t, err)
		require.Equal(t, want, c.Label, points)
		require.Equal(t, uint64(points), n)
	}
	c, n, err := s.Classify(readFacts(t, m, "2026-11-01 0 public-health-hazard 7 1", "2026-11-01 0 critical 5 1", "2026-11-01 0 general 2 1"))
	require.NoError(t, err)
	require.Equal(t, "B 14", fmt.Sprint(c.Label, " ", n))
	for _, text := range []string{"public-health-hazard 6", "critical 4", "general 1"} {
		_, err := m.ParseFact("2026-11-01 0 " + text + " 1")
		require.IsType(t, &PointsError{}, err)
	}
}

// TestFMCSAWeights does an example by hand: the limit of 30 comes before the time weight.
func TestFMCSAWeights(t *testing.T) {
	m := FMCSA()
	facts := readFacts(t, m,
		"2026-11-01 1 vehicle-maintenance 8 1", "2026-11-01 1 vehicle-maintenance 12 2", // 32, so 30
		"2026-11-01 2 vehicle-maintenance 4 1",
		"2026-11-01 1 unsafe-driving 10 1",      // another category of the same inspection
		"2026-01-01 1 vehicle-maintenance 6 1",  // 7 to 12 months
		"2025-01-01 1 vehicle-maintenance 10 3", // 13 to 24 months: 30
		"2024-01-01 1 vehicle-maintenance 10 3", // older
		"2025-12-01 0 crash-indicator 2 1",
	)
	s, err := scorer(t, m, "2026-11-27").Score(facts)
	require.NoError(t, err)
	require.Equal(t, uint64(30*3+4*3+6*2+30*1), s.Lines[4].Points)
	require.Equal(t, uint64(10*3), s.Lines[0].Points)
	require.Equal(t, uint64(2*2), s.Lines[6].Points)
	require.Equal(t, uint64(2), s.Lines[4].Cut)
	require.Equal(t, "high", s.Class.Label)
}

// TestChinaClasses reaches every class, the last by the list of serious violations alone.
func TestChinaClasses(t *testing.T) {
	for m, classes := range map[*Model][]string{China4(): {"A", "A", "B", "C", "D", "D"}, China5(): {"A", "B", "C", "D", "E", "E"}} {
		for i, texts := range [][]string{
			{},
			{"2026-11-01 0 监管信息 60 1"},
			{"2026-11-01 0 监管信息 170 1"},
			{"2026-11-01 0 监管信息 200 2"},
			{"2026-11-01 0 监管信息 200 3"},
			{"2026-11-01 0 严重违法失信 1 1"},
		} {
			c, _, err := scorer(t, m, "2026-11-27").Classify(readFacts(t, m, texts...))
			require.NoError(t, err)
			require.Equal(t, classes[i], c.Label, "%s %s", m, texts)
		}
	}
}
