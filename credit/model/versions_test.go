package model

import (
	"slices"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// version returns a version of a model; changed replaces one text of it by another.
func version(t *testing.T, number, from, to string, changed ...string) *Model {
	t.Helper()
	text := strings.Replace(carriers, "version 1 from 2020-01-01 to open", "version "+number+" from "+from+" to "+to, 1)
	return parse(t, strings.NewReplacer(changed...).Replace(text))
}

// TestRescoring scores past days by the version of the day, with facts that came later.
func TestRescoring(t *testing.T) {
	one := version(t, "1", "2020-01-01", "open")
	two := version(t, "2", "2021-01-01", "2021-12-31", "factor 5", "factor 7")
	five := version(t, "5", "2023-01-01", "open", "factor 5", "factor 9")
	v, err := NewVersions(five, one, two)
	require.NoError(t, err)
	require.Equal(t, []*Model{one, two, five}, slices.Collect(v.All()))
	facts := readFacts(t, one, "2020-03-01 0 speeding 1 1", "2021-03-01 0 speeding 1 1", "2023-03-01 0 speeding 1 1")
	for _, tt := range []struct {
		on     string
		number uint32
		points uint64
	}{
		{"2020-01-01", 1, 4}, {"2020-12-31", 1, 14}, {"2021-01-01", 2, 18}, {"2021-12-31", 2, 25}, {"2023-01-01", 5, 13}, {"2030-01-01", 5, 4},
	} {
		s, err := v.On(date(tt.on))
		require.NoError(t, err)
		require.Equal(t, tt.number, s.Model().Version(), tt.on)
		_, points, err := s.Classify(facts)
		require.NoError(t, err)
		require.Equal(t, tt.points, points, tt.on)
		m, ok := v.In(date(tt.on))
		require.True(t, ok)
		require.Same(t, s.Model(), m)
	}
	for on, want := range map[string]string{
		"2019-12-31": `model: carriers version 1 is not in force on "2019-12-31", only from 2020-01-01 to open`,
		"2022-01-01": `model: carriers version 2 is not in force on "2022-01-01", only from 2021-01-01 to 2021-12-31`,
		"2022-12-31": `model: carriers version 2 is not in force on "2022-12-31", only from 2021-01-01 to 2021-12-31`,
	} {
		_, err := v.On(date(on))
		require.EqualError(t, err, want)
		_, ok := v.In(date(on))
		require.False(t, ok)
	}
	_, err = v.On(registry.Date{})
	require.EqualError(t, err, `model: carriers version 1 is not in force on "", only from 2020-01-01 to open`)
	_, err = new(Versions).On(date("2020-01-01"))
	require.EqualError(t, err, `model: no versions, so none on "2020-01-01"`)
	_, ok := new(Versions).In(date("2020-01-01"))
	require.False(t, ok)
}

func TestNewVersionsErrors(t *testing.T) {
	one := version(t, "1", "2020-01-01", "2020-12-31")
	for _, tt := range []struct {
		name  string
		other *Model
		want  string
	}{
		{"the same text", one, `model: "carriers": version 1 is there twice, with the same text`},
		{"changed", version(t, "1", "2020-01-01", "2020-12-31", "factor 5", "factor 6"), `model: "carriers": version 1 is there twice, with another text, expected a new version`},
		{"overlapping", version(t, "2", "2020-12-31", "open"), `model: "carriers": version 1 from 2020-01-01 to 2020-12-31 and version 2 from 2020-12-31 to open overlap or are out of order`},
		{"before", version(t, "2", "2019-01-01", "2019-12-31"), `model: "carriers": version 1 from 2020-01-01 to 2020-12-31 and version 2 from 2019-01-01 to 2019-12-31 overlap or are out of order`},
		{"inside", version(t, "2", "2020-03-01", "2020-04-01"), `model: "carriers": version 1 from 2020-01-01 to 2020-12-31 and version 2 from 2020-03-01 to 2020-04-01 overlap or are out of order`},
		{"other name", FHRS(), `model: versions of "carriers" and "fhrs", expected of one model`},
		{"nil", nil, "model: a version is nil"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewVersions(one, tt.other)
			require.EqualError(t, err, tt.want)
			v, err := NewVersions(one)
			require.NoError(t, err)
			_, err = v.With(tt.other)
			require.EqualError(t, err, tt.want)
			require.Len(t, v.models, 1)
			_, err = NewVersions(tt.other, one)
			require.Error(t, err)
		})
	}
	// An open version ends when the next begins, but has at least a day.
	open := version(t, "1", "2020-01-01", "open")
	_, err := NewVersions(open, version(t, "2", "2020-01-01", "open"))
	require.IsType(t, &OverlapError{}, err)
	v, err := NewVersions(open, version(t, "2", "2020-01-02", "open"))
	require.NoError(t, err)
	m, ok := v.In(date("2020-01-01"))
	require.True(t, ok)
	require.Same(t, open, m)

	v, err = NewVersions(one)
	require.NoError(t, err)
	more, err := v.With(version(t, "2", "2021-01-01", "open"))
	require.NoError(t, err)
	require.Len(t, more.models, 2)
	require.Len(t, v.models, 1, "the set before is unchanged")
	var twice *VersionError
	_, err = more.With(version(t, "2", "2021-01-01", "2021-12-31"))
	require.ErrorAs(t, err, &twice)
	require.Equal(t, &VersionError{"carriers", 2, true}, twice)
}
