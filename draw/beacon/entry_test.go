package beacon

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEnter(t *testing.T) {
	d := small(t)
	for _, tt := range []struct{ first, second string }{
		{"1 8 33 9 0 314", "1 8 33 9 0 314"},
		{"33,08,01+9,0+314", "1 8 33 9 0 314"},
		{"\u3000\uff10\uff11\uff0c8\u300133\uff0b9 0\uff0b\uff13\uff11\uff14\r\n", "8\t1\n33\n\n00000000000000000000000\uff19 0 314"},
	} {
		got, err := d.Enter(tt.first, tt.second)
		require.NoError(t, err)
		require.Equal(t, "1.8.33./9.0./314./", got)
	}
}

func TestEnterRefuses(t *testing.T) {
	const good = "1 8 33 9 0 314"
	for _, tt := range []struct{ name, first, second, want string }{
		{"differ", good, "1 9 33 9 0 314", `beacon: source "balls": number 2 is 8 in the first entry and 9 in the second`},
		{"ordered differ", good, "1 8 33 0 9 314", `beacon: source "digits": number 1 is 9 in the first entry and 0 in the second`},
		{"empty", "", good, "beacon: first entry has 0 numbers, expected 6"},
		{"one short", good, "1 8 33 9 0", "beacon: second entry has 5 numbers, expected 6"},
		{"one more", good, good + " 5", "beacon: second entry has 7 numbers, expected 6"},
		{"out of range", "1 8 34 9 0 314", good, `beacon: first entry, source "balls": number 3 is 34, expected 1–33`},
		{"twice", good, "1 8 8 9 0 314", `beacon: second entry, source "balls": 8 follows 8, expected different numbers in ascending order`},
		{"letter", "1 8 33 9 O 314", good, `beacon: first entry has "O" at byte 10, expected digits, spaces and commas`},
		{"minus", "1 -8 33 9 0 314", good, `beacon: first entry has "-" at byte 3, expected digits, spaces and commas`},
		{"other digits", "\u0661 8 33 9 0 314", good, `beacon: first entry has "١" at byte 1, expected digits, spaces and commas`},
		{"bad UTF-8", "1\xff8 33 9 0 314", good, `beacon: first entry has "\xff" at byte 2, expected digits, spaces and commas`},
		{"great", "1 18446744073709551616 33", good, `beacon: first entry has the number "18446744073709551616", expected at most 18446744073709551615`},
		{"great at the end", "18446744073709551616", good, `beacon: first entry has the number "18446744073709551616", expected at most 18446744073709551615`},
		{"long", strings.Repeat(" ", 4097), good, "beacon: first entry has 4097 bytes, expected at most 4096"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := small(t).Enter(tt.first, tt.second)
			require.EqualError(t, err, tt.want)
			require.Empty(t, got)
		})
	}
	_, err := small(t).Enter(good, "1 9 33 9 0 314")
	require.Equal(t, &DifferError{"balls", 2, 8, 9}, err)
}

func FuzzEnter(f *testing.F) {
	f.Add("1 8 33 9 0 314", "33,08,01+9,0+314")
	f.Add("\uff11", "\xff")
	d := small(f)
	f.Fuzz(func(t *testing.T, first, second string) {
		got, err := d.Enter(first, second)
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "beacon: "), "%v", err)
			return
		}
		_, err = d.Parse(got)
		require.NoError(t, err)
		swapped, err := d.Enter(second, first)
		require.NoError(t, err)
		require.Equal(t, got, swapped)
	})
}
