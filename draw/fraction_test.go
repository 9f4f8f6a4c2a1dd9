package draw

import (
	"encoding/json"
	"math/big"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func fraction(t testing.TB, s string) Fraction {
	t.Helper()
	f, err := ParseFraction(s)
	require.NoError(t, err)
	return f
}

func TestParseFraction(t *testing.T) {
	long := strings.Repeat("9", maxFractionText)
	for _, s := range []string{"0", "1", "12", "12/5", "1/3", "10/9", "18446744073709551616/3", long} {
		f, err := ParseFraction(s)
		require.NoError(t, err)
		require.Equal(t, s, f.String())
	}
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", `draw: fraction "": digits expected`},
		{"no numerator", "/5", `draw: fraction "/5": digits expected`},
		{"no denominator", "5/", `draw: fraction "5/": digits expected`},
		{"zero denominator", "5/0", `draw: fraction "5/0": denominator is zero`},
		{"zero over zero", "0/0", `draw: fraction "0/0": denominator is zero`},
		{"denominator one", "5/1", `draw: fraction "5/1" is not in lowest terms, expected "5"`},
		{"zero with denominator", "0/5", `draw: fraction "0/5" is not in lowest terms, expected "0"`},
		{"common factor", "24/10", `draw: fraction "24/10" is not in lowest terms, expected "12/5"`},
		{"leading zero", "012/5", `draw: fraction "012/5": leading zero`},
		{"leading zero below", "12/05", `draw: fraction "12/05": leading zero`},
		{"double zero", "00", `draw: fraction "00": leading zero`},
		{"plus", "+1", `draw: fraction "+1": "+" is not a digit`},
		{"minus", "-1", `draw: fraction "-1": "-" is not a digit`},
		{"space", "1 /2", `draw: fraction "1 /2": " " is not a digit`},
		{"trailing newline", "1/2\n", `draw: fraction "1/2\n": "\n" is not a digit`},
		{"decimal point", "1.5", `draw: fraction "1.5": "." is not a digit`},
		{"underscore", "1_0", `draw: fraction "1_0": "_" is not a digit`},
		{"exponent", "1e3", `draw: fraction "1e3": "e" is not a digit`},
		{"two slashes", "1/2/3", `draw: fraction "1/2/3": "/" is not a digit`},
		{"full-width digit", "１", `draw: fraction "１": "\xef" is not a digit`},
		{"too long", long + "9", `draw: fraction has 401 bytes, at most 400 are read`},
		{"long and wrong", strings.Repeat("1", 100) + "x",
			`draw: fraction "` + strings.Repeat("1", 80) + `"… (101 bytes): "x" is not a digit`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ParseFraction(test.text)
			require.EqualError(t, err, test.want)

			f := fraction(t, "2/3")
			require.EqualError(t, f.UnmarshalText([]byte(test.text)), test.want)
			require.Equal(t, "2/3", f.String(), "receiver changed")
		})
	}
}

func TestNewFraction(t *testing.T) {
	f, err := NewFraction(24, 10)
	require.NoError(t, err)
	require.Equal(t, "12/5", f.String())

	f, err = NewFraction(1<<64-1, 1<<64-2)
	require.NoError(t, err)
	require.Equal(t, "18446744073709551615/18446744073709551614", f.String())

	f, err = NewFraction(0, 7)
	require.NoError(t, err)
	require.Equal(t, "0", f.String())

	_, err = NewFraction(7, 0)
	require.EqualError(t, err, "draw: fraction 7/0: denominator is zero")
}

func TestFractionOf(t *testing.T) {
	r := big.NewRat(3, 7)
	f, err := FractionOf(r)
	require.NoError(t, err)
	r.SetInt64(9)
	require.Equal(t, "3/7", f.String(), "not a copy")
	f.Rat().SetInt64(9)
	require.Equal(t, "3/7", f.String(), "Rat is not a copy")

	_, err = FractionOf(big.NewRat(-3, 7))
	require.EqualError(t, err, "draw: fraction -3/7 is negative")
	_, err = FractionOf(nil)
	require.EqualError(t, err, "draw: fraction is nil")
}

func TestZeroFraction(t *testing.T) {
	var zero Fraction
	require.Equal(t, "0", zero.String())
	require.True(t, zero.IsZero())
	require.True(t, zero.IsWhole())
	require.True(t, zero.Equal(WholeFraction(0)))
	require.Zero(t, zero.Rat().Sign())
	require.Zero(t, zero.Float64())
	require.Equal(t, "5", zero.Add(WholeFraction(5)).String())
	require.Equal(t, "0", zero.Mul(WholeFraction(5)).String())
	num, den, ok := zero.Parts()
	require.True(t, ok)
	require.Equal(t, [2]uint64{0, 1}, [2]uint64{num, den})
	floor, ok := zero.Floor()
	require.True(t, ok)
	require.Zero(t, floor)
	ceil, ok := zero.Ceil()
	require.True(t, ok)
	require.Zero(t, ceil)
}

func TestFractionArithmetic(t *testing.T) {
	// All fractions a/b and c/d with terms up to 6 against cross multiplication.
	for a := uint64(0); a <= 6; a++ {
		for b := uint64(1); b <= 6; b++ {
			f, err := NewFraction(a, b)
			require.NoError(t, err)
			floor, ok := f.Floor()
			require.True(t, ok)
			require.Equal(t, a/b, floor)
			ceil, ok := f.Ceil()
			require.True(t, ok)
			require.Equal(t, (a+b-1)/b, ceil)
			require.Equal(t, a%b == 0, f.IsWhole())
			require.Equal(t, a == 0, f.IsZero())
			num, den, ok := f.Parts()
			require.True(t, ok)
			require.Equal(t, a*den, num*b)
			require.Equal(t, float64(a)/float64(b), f.Float64())
			for c := uint64(0); c <= 6; c++ {
				for d := uint64(1); d <= 6; d++ {
					g, err := NewFraction(c, d)
					require.NoError(t, err)
					require.Equal(t, big.NewRat(int64(a*d+c*b), int64(b*d)).RatString(), f.Add(g).String())
					require.Equal(t, big.NewRat(int64(a*c), int64(b*d)).RatString(), f.Mul(g).String())
					require.Equal(t, a*d == b*c, f.Equal(g))
					difference, ok := f.Sub(g)
					require.Equal(t, a*d >= c*b, ok)
					require.Equal(t, f.Cmp(g) >= 0, ok)
					if ok {
						require.Equal(t, big.NewRat(int64(a*d-c*b), int64(b*d)).RatString(), difference.String())
					} else {
						require.Equal(t, "0", difference.String())
					}
				}
			}
		}
	}
}

func TestFractionBeyondUint64(t *testing.T) {
	f := fraction(t, "18446744073709551615") // 2^64−1
	floor, ok := f.Floor()
	require.True(t, ok)
	require.Equal(t, uint64(1<<64-1), floor)

	half := fraction(t, "36893488147419103231/2") // 2^64 − 1/2
	floor, ok = half.Floor()
	require.True(t, ok)
	require.Equal(t, uint64(1<<64-1), floor)
	_, ok = half.Ceil()
	require.False(t, ok)
	_, _, ok = half.Parts()
	require.False(t, ok)

	_, ok = fraction(t, "18446744073709551616").Floor()
	require.False(t, ok)
	_, _, ok = fraction(t, "1/18446744073709551616").Parts()
	require.False(t, ok)
}

func TestFractionText(t *testing.T) {
	type row struct {
		Share Fraction `json:"share"`
	}
	text, err := json.Marshal(row{fraction(t, "12/5")})
	require.NoError(t, err)
	require.Equal(t, `{"share":"12/5"}`, string(text))
	var back row
	require.NoError(t, json.Unmarshal(text, &back))
	require.True(t, back.Share.Equal(fraction(t, "12/5")))

	wide := fraction(t, strings.Repeat("9", 300))
	_, err = wide.Mul(wide).MarshalText()
	require.EqualError(t, err, "draw: text of fraction has 600 bytes, at most 400 are written")
}

func TestFractionConcurrentUse(t *testing.T) {
	f, g := fraction(t, "12/5"), WholeFraction(3) // for go test -race
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for range 100 {
				_, _ = g.Sub(f)
				_, _, _ = g.Parts()
				_, _ = f.Ceil()
				_ = f.Add(g).Mul(g).String()
				_ = g.Rat().SetInt64(1)
			}
		})
	}
	wait.Wait()
	require.Equal(t, "12/5 3", f.String()+" "+g.String())
}

func FuzzParseFraction(f *testing.F) {
	for _, s := range []string{"", "0", "00", "12", "12/5", "24/10", "5/1", "1/0", "-1", "1/2/3", "1e9", strings.Repeat("7", 401)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		before := fraction(t, "355/113")
		got := before
		err := got.UnmarshalText([]byte(s))
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "draw: fraction "), err.Error())
			require.True(t, got.Equal(before), "receiver changed")
			return
		}
		text, err := got.MarshalText()
		require.NoError(t, err)
		require.Equal(t, s, string(text))
		require.GreaterOrEqual(t, got.Cmp(Fraction{}), 0)
	})
}
