package model

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func TestParseFactErrors(t *testing.T) {
	m := parse(t, carriers)
	for _, tt := range []struct{ name, text, want string }{
		{"too long", strings.Repeat("x", 98), `model: fact "` + strings.Repeat("x", 80) + `"… (98 bytes), expected at most 97 bytes`},
		{"few fields", "2026-11-01 0 lights 3", `model: fact "2026-11-01 0 lights 3" has 4 fields, expected date, visit, term, points and count`},
		{"two spaces", "2026-11-01  0 lights 3 1", `model: fact "2026-11-01  0 lights 3 1" has 6 fields, expected date, visit, term, points and count`},
		{"bad date", "2026-11-31 0 lights 3 1", `model: fact "2026-11-31 0 lights 3 1": date "2026-11-31", expected YYYY-MM-DD`},
		{"no date", " 0 lights 3 1", `model: fact " 0 lights 3 1": date "", expected YYYY-MM-DD`},
		{"visit", "2026-11-01 -1 lights 3 1", `model: fact "2026-11-01 -1 lights 3 1": visit "-1", expected 0 to 4294967295`},
		{"visit too large", "2026-11-01 4294967296 lights 3 1", `model: fact "2026-11-01 4294967296 lights 3 1": visit "4294967296", expected 0 to 4294967295`},
		{"term", "2026-11-01 0 light 3 1", `model: fact "2026-11-01 0 light 3 1": term "light" is not in carriers version 1`},
		{"negative points", "2026-11-01 0 lights -3 1", `model: fact "2026-11-01 0 lights -3 1": negative points "-3", expected 0,2..5`},
		{"minus zero", "2026-11-01 0 lights -0 1", `model: fact "2026-11-01 0 lights -0 1": negative points "-0", expected 0,2..5`},
		{"fraction", "2026-11-01 0 lights 2.5 1", `model: fact "2026-11-01 0 lights 2.5 1": points "2.5", expected 0,2..5`},
		{"plus", "2026-11-01 0 lights +3 1", `model: fact "2026-11-01 0 lights +3 1": points "+3", expected 0,2..5`},
		{"leading zero", "2026-11-01 0 lights 03 1", `model: fact "2026-11-01 0 lights 03 1": points "03", expected 0,2..5`},
		{"no points", "2026-11-01 0 lights  1", `model: fact "2026-11-01 0 lights  1": points "", expected 0,2..5`},
		{"points not allowed", "2026-11-01 0 lights 1 1", `model: fact "2026-11-01 0 lights 1 1": points "1", expected 0,2..5`},
		{"points over 32 bits", "2026-11-01 0 lights 4294967298 1", `model: fact "2026-11-01 0 lights 4294967298 1": points "4294967298", expected 0,2..5`},
		{"count", "2026-11-01 0 lights 3 0", `model: fact "2026-11-01 0 lights 3 0": count "0", expected 1 to 1000`},
		{"count too large", "2026-11-01 0 lights 3 1001", `model: fact "2026-11-01 0 lights 3 1001": count "1001", expected 1 to 1000`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := m.ParseFact(tt.text)
			require.EqualError(t, err, tt.want)
			require.Zero(t, f)
			var points *PointsError
			require.Equal(t, strings.Contains(tt.want, "points \""), errors.As(err, &points))
			var day *DateError
			require.Equal(t, strings.Contains(tt.want, "date \""), errors.As(err, &day))
		})
	}
}

func TestFactText(t *testing.T) {
	m := FMCSA()
	text := "9999-12-31 4294967295 controlled-substances 12 1000"
	f, err := m.ParseFact(text)
	require.NoError(t, err)
	require.Equal(t, Fact{date("9999-12-31"), 4294967295, 12, 1000, 3}, f)
	again, err := m.FormatFact(f)
	require.NoError(t, err)
	require.Equal(t, text, again)
}

// TestReadRows reads on after what is wrong, whatever the reader's pieces are.
func TestReadRows(t *testing.T) {
	m := parse(t, carriers)
	const good = "e1 2026-11-01 0 lights 3 1\n"
	text := good + "e2 2026-11-01 0 lights -3 1\n" + "\n" + strings.Repeat("x", 2000) + "\n" + "e\x00 2026-11-01 0 lights 3 1\n" +
		good + strings.Repeat("x", maxRow) + "\n" + good + strings.TrimSuffix(good, "\n")
	for _, r := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text))} {
		var rows, wrong []string
		for row, err := range m.ReadRows(r) {
			if err != nil {
				require.Zero(t, row)
				wrong = append(wrong, err.Error())
				continue
			}
			b, err := m.AppendRow(nil, row)
			require.NoError(t, err)
			rows = append(rows, string(b))
		}
		require.Equal(t, []string{good, good, good}, rows)
		x := `"` + strings.Repeat("x", 80) + `"… (512 bytes), expected less than 512 bytes`
		require.Equal(t, []string{
			`model: line 2: fact "2026-11-01 0 lights -3 1": negative points "-3", expected 0,2..5`,
			`model: line 3: entity is empty`,
			`model: line 4: row ` + x,
			`model: line 5: entity "e\x00" has the control character U+0000 at byte 2`,
			`model: line 7: row ` + x,
			`model: line 9: row "e1 2026-11-01 0 lights 3 1" does not end with LF`,
		}, wrong)
	}

	for range m.ReadRows(strings.NewReader(good + good)) {
		break // no panic
	}
	broken := io.MultiReader(strings.NewReader(good+"e1 20"), iotest.ErrReader(io.ErrClosedPipe))
	var last error
	n := 0
	for _, err := range m.ReadRows(broken) {
		last = err
		n++
	}
	require.Equal(t, 2, n)
	require.EqualError(t, last, "model: row 2: io: read/write on closed pipe")
	require.ErrorIs(t, last, io.ErrClosedPipe)

	b, err := m.AppendRow([]byte("kept"), Row{Entity: "a b"})
	require.EqualError(t, err, `model: entity "a b" has the space U+0020 at byte 2`)
	require.Equal(t, "kept", string(b))
}

func FuzzParseFact(f *testing.F) {
	for _, text := range []string{"2026-11-01 0 lights 3 1", "2024-02-29 4294967295 brakes 60 1000", "2026-11-01 0 lights -3 1", "2026-02-30 0 lights 3 1"} {
		f.Add(text)
	}
	m := parse(f, carriers)
	s := scorer(f, m, "2026-11-27")
	f.Fuzz(func(t *testing.T, text string) {
		fact, err := m.ParseFact(text)
		if err != nil {
			require.Zero(t, fact)
			require.True(t, strings.HasPrefix(err.Error(), "model: "))
			return
		}
		again, err := m.FormatFact(fact)
		require.NoError(t, err)
		require.Equal(t, text, again)
		_, _, err = s.Classify([]Fact{fact})
		require.NoError(t, err)
	})
}

// FuzzReadRows reads any text: the good rows are lines of it, all lines are accounted for, and
// what is good is scored and explained by sums that can be done again.
func FuzzReadRows(f *testing.F) {
	f.Add("e1 2026-11-01 0 lights 3 1\ne1 2026-11-01 0 brakes 45 1\ne2 2026-05-27 0 speeding 3 2\n", "2026-11-27")
	f.Add("e1 2026-11-01 0 lights -3 1\n\ne1 2026-11-01 0 brakes 45 1000", "2024-02-29")
	m := parse(f, carriers)
	f.Fuzz(func(t *testing.T, text, day string) {
		lines := strings.SplitAfter(text, "\n")
		if lines[len(lines)-1] == "" {
			lines = lines[:len(lines)-1]
		}
		var facts []Fact
		n := 0
		for row, err := range m.ReadRows(strings.NewReader(text)) {
			n++
			if err != nil {
				var line *ParseError
				require.ErrorAs(t, err, &line)
				require.Equal(t, n, line.Line)
				continue
			}
			b, err := m.AppendRow(nil, row)
			require.NoError(t, err)
			require.Equal(t, lines[n-1], string(b))
			facts = append(facts, row.Fact)
		}
		require.Equal(t, len(lines), n)
		d := m.def.From
		_ = d.UnmarshalText([]byte(day)) // or that day
		s, err := m.On(d)
		if err != nil {
			require.IsType(t, &PeriodError{}, err)
			return
		}
		score, err := s.Score(facts)
		require.NoError(t, err)
		requireAdds(t, score, len(facts))
		requireReads(t, score.String())
	})
}
