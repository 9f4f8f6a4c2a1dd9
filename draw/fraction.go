package draw

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// maxFractionText is the longest text of a fraction that is read or written, in
// bytes: room for the chance of a unit in the largest draw, and a bound on the
// work that a text from outside can ask for.
const maxFractionText = 400

// A Fraction is an exact, non-negative rational number: a quota, a share, a
// chance. It is immutable and safe for concurrent use. The zero Fraction is 0.
// Compare fractions with [Fraction.Equal] or [Fraction.Cmp]; == does not compile.
type Fraction struct {
	_ [0]func() // two equal fractions may be two pointers
	r *big.Rat  // nil is 0; never changed
}

// NewFraction returns num/den in lowest terms. A den of zero is an error.
func NewFraction(num, den uint64) (Fraction, error) {
	if den == 0 {
		return Fraction{}, fmt.Errorf("draw: fraction %d/0: denominator is zero", num)
	}
	return Fraction{r: new(big.Rat).SetFrac(new(big.Int).SetUint64(num), new(big.Int).SetUint64(den))}, nil
}

// WholeFraction returns n as a fraction.
func WholeFraction(n uint64) Fraction { return Fraction{r: new(big.Rat).SetUint64(n)} }

// FractionOf returns a copy of r. A nil or negative r is an error.
func FractionOf(r *big.Rat) (Fraction, error) {
	if r == nil {
		return Fraction{}, errors.New("draw: fraction is nil")
	}
	if r.Sign() < 0 {
		return Fraction{}, fmt.Errorf("draw: fraction %s is negative", cutFraction(r.RatString()))
	}
	return Fraction{r: new(big.Rat).Set(r)}, nil
}

// ParseFraction reads the text that [Fraction.String] writes: "12" or "12/5", in
// decimal digits and lowest terms, without sign, spaces or leading zeros, at
// most 400 bytes. Every fraction has exactly one such text.
func ParseFraction(s string) (Fraction, error) {
	if len(s) > maxFractionText {
		return Fraction{}, fmt.Errorf("draw: fraction has %d bytes, at most %d are read", len(s), maxFractionText)
	}
	numText, denText, hasDen := strings.Cut(s, "/")
	num, err := parseFractionPart(s, numText)
	if err != nil {
		return Fraction{}, err
	}
	if !hasDen {
		return Fraction{r: new(big.Rat).SetInt(num)}, nil
	}
	den, err := parseFractionPart(s, denText)
	if err != nil {
		return Fraction{}, err
	}
	if den.Sign() == 0 {
		return Fraction{}, fmt.Errorf("draw: fraction %s: denominator is zero", cutQuote(s))
	}
	r := new(big.Rat).SetFrac(num, den)
	if r.IsInt() || r.Denom().Cmp(den) != 0 {
		return Fraction{}, fmt.Errorf("draw: fraction %s is not in lowest terms, expected %q",
			cutQuote(s), cutFraction(r.RatString()))
	}
	return Fraction{r: r}, nil
}

// parseFractionPart reads the numerator or denominator part of the fraction s.
func parseFractionPart(s, part string) (*big.Int, error) {
	if part == "" {
		return nil, fmt.Errorf("draw: fraction %s: digits expected", cutQuote(s))
	}
	for i := 0; i < len(part); i++ {
		if part[i] < '0' || part[i] > '9' {
			return nil, fmt.Errorf("draw: fraction %s: %q is not a digit", cutQuote(s), part[i:i+1])
		}
	}
	if part[0] == '0' && len(part) > 1 {
		return nil, fmt.Errorf("draw: fraction %s: leading zero", cutQuote(s))
	}
	n, ok := new(big.Int).SetString(part, 10)
	if !ok {
		panic("draw: digits are not a number")
	}
	return n, nil
}

// String returns the fraction in lowest terms: "12/5", or "12" if it is whole.
func (f Fraction) String() string { return f.rat().RatString() }

// MarshalText returns the text of [Fraction.String]. A fraction whose text has
// more than 400 bytes is an error, since it could not be read again.
func (f Fraction) MarshalText() ([]byte, error) {
	s := f.String()
	if len(s) > maxFractionText {
		return nil, fmt.Errorf("draw: text of fraction has %d bytes, at most %d are written", len(s), maxFractionText)
	}
	return []byte(s), nil
}

// UnmarshalText sets f to the fraction that [ParseFraction] reads from text. If
// text is malformed, f is unchanged.
func (f *Fraction) UnmarshalText(text []byte) error {
	parsed, err := ParseFraction(string(text))
	if err != nil {
		return err
	}
	*f = parsed
	return nil
}

// Cmp returns −1, 0 or +1 as f is less than, equal to or greater than g.
func (f Fraction) Cmp(g Fraction) int { return f.rat().Cmp(g.rat()) }

// Equal reports whether f and g are the same number.
func (f Fraction) Equal(g Fraction) bool { return f.Cmp(g) == 0 }

// IsZero reports whether f is 0.
func (f Fraction) IsZero() bool { return f.r == nil || f.r.Sign() == 0 }

// IsWhole reports whether f is a whole number.
func (f Fraction) IsWhole() bool { return f.r == nil || f.r.IsInt() }

// Add returns f + g.
func (f Fraction) Add(g Fraction) Fraction { return Fraction{r: new(big.Rat).Add(f.rat(), g.rat())} }

// Sub returns f − g and true, or 0 and false if the difference would be negative.
func (f Fraction) Sub(g Fraction) (Fraction, bool) {
	d := new(big.Rat).Sub(f.rat(), g.rat())
	if d.Sign() < 0 {
		return Fraction{}, false
	}
	return Fraction{r: d}, true
}

// Mul returns f · g.
func (f Fraction) Mul(g Fraction) Fraction { return Fraction{r: new(big.Rat).Mul(f.rat(), g.rat())} }

// Floor returns the greatest whole number ≤ f. The second result is false if it
// exceeds 2^64−1.
func (f Fraction) Floor() (uint64, bool) {
	r := f.rat()
	return fractionUint64(new(big.Int).Quo(r.Num(), r.Denom()))
}

// Ceil returns the least whole number ≥ f. The second result is false if it
// exceeds 2^64−1.
func (f Fraction) Ceil() (uint64, bool) { return fractionUint64(ceilOf(f.rat())) }

// Parts returns numerator and denominator in lowest terms; 0 is 0/1. The third
// result is false if one of them exceeds 2^64−1.
func (f Fraction) Parts() (num, den uint64, ok bool) {
	r := f.rat()
	if !r.Num().IsUint64() || !r.Denom().IsUint64() {
		return 0, 0, false
	}
	return r.Num().Uint64(), r.Denom().Uint64(), true
}

// Rat returns f as a new big.Rat, which the caller may change.
func (f Fraction) Rat() *big.Rat { return new(big.Rat).Set(f.rat()) }

// rat returns f's value, only to be read.
func (f Fraction) rat() *big.Rat {
	if f.r == nil {
		return new(big.Rat)
	}
	return f.r
}

// ceilOf returns the least whole number ≥ r, of any sign.
func ceilOf(r *big.Rat) *big.Int {
	q, m := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	if m.Sign() != 0 {
		q.Add(q, big.NewInt(1))
	}
	return q
}

func fractionUint64(n *big.Int) (uint64, bool) {
	if !n.IsUint64() {
		return 0, false
	}
	return n.Uint64(), true
}

// cutFraction cuts a fraction's text to a bounded length for an error message.
func cutFraction(s string) string {
	const most = 80
	if len(s) > most {
		return fmt.Sprintf("%s… (%d bytes)", s[:most], len(s))
	}
	return s
}

// cutQuote quotes text from outside for an error message, cut to a bounded length.
func cutQuote(s string) string {
	const most = 80
	if len(s) > most {
		return fmt.Sprintf("%q… (%d bytes)", s[:most], len(s))
	}
	return fmt.Sprintf("%q", s)
}
