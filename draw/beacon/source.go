package beacon

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// maxCount bounds the numbers that one source publishes in a round.
const maxCount = 64

// A Source is one public source of whole numbers, such as the red balls of a
// lottery. A price is declared in its smallest unit. The zero Source is not valid.
type Source struct {
	Name  string // label, for messages
	Count int    // numbers that it publishes in a round, 1–64
	Min   uint64 // least number
	Max   uint64 // greatest number, more than Min

	// Ordered says that the order of the numbers counts and that they may
	// repeat, as the digits of a number do. Otherwise they are distinct and are
	// written in ascending order, whichever was drawn first.
	Ordered bool

	// Bits is the declared entropy of the source in bits, at most what its
	// numbers can hold; 0 stands for all of that, which is right for balls drawn
	// from an urn only. The close of a stock index has perhaps 10 bits that nobody
	// can foresee, however many digits it has.
	Bits int
}

// outcomes returns how many different outcomes the source has: n to the power of
// Count, or n choose Count if the order does not count, with n = Max-Min+1.
func (s Source) outcomes() *big.Int {
	n := new(big.Int).SetUint64(s.Max - s.Min)
	n.Add(n, big.NewInt(1))
	total := big.NewInt(1)
	for i := range int64(s.Count) {
		total.Mul(total, n)
		if !s.Ordered {
			total.Quo(total, big.NewInt(i+1)) // exact: a product of i+1 consecutive numbers
			n.Sub(n, big.NewInt(1))
		}
	}
	return total
}

// check checks the declaration itself.
func (s Source) check() error {
	if err := checkName("source", s.Name); err != nil {
		return err
	}
	switch {
	case s.Count < 1 || s.Count > maxCount:
		return fmt.Errorf("beacon: source %q has %d numbers, expected 1–%d", s.Name, s.Count, maxCount)
	case s.Max <= s.Min:
		return fmt.Errorf("beacon: source %q has numbers from %d to %d, expected at least two different ones", s.Name, s.Min, s.Max)
	case !s.Ordered && s.Max-s.Min < uint64(s.Count):
		return fmt.Errorf("beacon: source %q draws %d different numbers from %d to %d, expected more to draw from", s.Name, s.Count, s.Min, s.Max)
	case s.Bits < 0:
		return fmt.Errorf("beacon: source %q declares %d bits, expected at least 0", s.Name, s.Bits)
	}
	if most := bits(s.outcomes()); s.Bits > most {
		return fmt.Errorf("beacon: source %q declares %d bits, but its numbers hold %d", s.Name, s.Bits, most)
	}
	return nil
}

// bits returns log2 of n ≥ 1, rounded down.
func bits(n *big.Int) int { return n.BitLen() - 1 }

// longest returns the length in bytes of the longest canonical text.
func (s Source) longest() int { return s.Count*(len(strconv.FormatUint(s.Max, 10))+1) + 1 }

// inRange returns which number is out of range, or "".
func (s Source) inRange(numbers []uint64) string {
	for i, n := range numbers {
		if n < s.Min || n > s.Max {
			return fmt.Sprintf("source %q: number %d is %d, expected %d–%d", s.Name, i+1, n, s.Min, s.Max)
		}
	}
	return ""
}

// ascending returns which number breaks the ascending order, or "".
func (s Source) ascending(numbers []uint64) string {
	for i := 1; i < len(numbers) && !s.Ordered; i++ {
		if numbers[i] <= numbers[i-1] {
			return fmt.Sprintf("source %q: %d follows %d, expected different numbers in ascending order", s.Name, numbers[i], numbers[i-1])
		}
	}
	return ""
}

// normalise returns the numbers in canonical order, or what is wrong with them.
func (s Source) normalise(numbers []uint64) ([]uint64, string) {
	if len(numbers) != s.Count {
		return nil, fmt.Sprintf("source %q: %d numbers, expected %d", s.Name, len(numbers), s.Count)
	}
	if problem := s.inRange(numbers); problem != "" {
		return nil, problem
	}
	numbers = slices.Clone(numbers)
	if !s.Ordered {
		slices.Sort(numbers)
	}
	return numbers, s.ascending(numbers)
}

// cut parses the source's numbers from the front of a canonical text, and returns
// the rest, or what is wrong.
func (s Source) cut(text string) (numbers []uint64, rest, problem string) {
	numbers = make([]uint64, s.Count)
	for i := range numbers {
		field, after, ok := strings.Cut(text, ".")
		if !ok {
			return nil, "", fmt.Sprintf(`source %q: number %d is missing or has no "." after it`, s.Name, i+1)
		}
		if numbers[i], ok = natural(field); !ok {
			return nil, "", fmt.Sprintf("source %q: number %d is %s, expected a decimal number without leading zeros", s.Name, i+1, label.Quote(field))
		}
		text = after
	}
	rest, ok := strings.CutPrefix(text, "/")
	if !ok {
		return nil, "", fmt.Sprintf(`source %q: expected "/" after %d numbers`, s.Name, s.Count)
	}
	if problem = s.inRange(numbers); problem == "" {
		problem = s.ascending(numbers)
	}
	return numbers, rest, problem
}

// appendTo appends the canonical text of the numbers.
func (s Source) appendTo(text []byte, numbers []uint64) []byte {
	for _, n := range numbers {
		text = append(strconv.AppendUint(text, n, 10), '.')
	}
	return append(text, '/')
}

// natural parses a decimal number that has one spelling.
func natural(s string) (uint64, bool) {
	if len(s) > 1 && s[0] == '0' {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 10, 64) // refuses signs and underscores
	return n, err == nil
}
