package beacon

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/doublerandom/doublerandom/internal/label"
)

// maxEntry bounds what a person types, in bytes.
const maxEntry = 4096

// A DifferError says where two entries of the same numbers differ.
type DifferError struct {
	Source string // name of the source
	Number int    // which number of it, in canonical order, from 1
	First  uint64 // number of the first entry
	Second uint64 // number of the second entry
}

// Error returns the message, with both numbers.
func (e *DifferError) Error() string {
	return fmt.Sprintf("beacon: source %q: number %d is %d in the first entry and %d in the second", e.Source, e.Number, e.First, e.Second)
}

// Enter returns the canonical text of numbers that two people have typed
// independently, each from a publication of the source. It reads the numbers of
// all sources one after the other. It is the one place that tolerates spellings:
// between numbers any spaces, line ends, commas and plus signs (U+FF0C, U+FF0B and
// U+3001 too), as results are printed; in numbers full-width digits and leading
// zeros; in an unordered source any order. It returns a [*DifferError] if the
// entries differ, and fails if either is not valid or exceeds 4,096 bytes. It
// cannot know whether there were two people: let each sign in.
func (d *Declared) Enter(first, second string) (canonical string, err error) {
	a, err := d.enter("first", first)
	if err != nil {
		return "", err
	}
	b, err := d.enter("second", second)
	if err != nil {
		return "", err
	}
	var text []byte
	for i, s := range d.sources {
		for j := range a[i] {
			if a[i][j] != b[i][j] {
				return "", &DifferError{s.Name, j + 1, a[i][j], b[i][j]}
			}
		}
		text = s.appendTo(text, a[i])
	}
	return string(text), nil
}

// enter reads one entry.
func (d *Declared) enter(which, typed string) ([][]uint64, error) {
	numbers, problem := readNumbers(typed)
	want := 0
	for _, s := range d.sources {
		want += s.Count
	}
	if problem == "" && len(numbers) != want {
		problem = fmt.Sprintf("has %d numbers, expected %d", len(numbers), want)
	}
	if problem != "" {
		return nil, fmt.Errorf("beacon: %s entry %s", which, problem)
	}
	all := make([][]uint64, len(d.sources))
	for i, s := range d.sources {
		if all[i], problem = s.normalise(numbers[:s.Count]); problem != "" {
			return nil, fmt.Errorf("beacon: %s entry, %s", which, problem)
		}
		numbers = numbers[s.Count:]
	}
	return all, nil
}

// readNumbers returns the numbers in what a person typed, or what is wrong.
func readNumbers(typed string) (numbers []uint64, problem string) {
	if len(typed) > maxEntry {
		return nil, fmt.Sprintf("has %d bytes, expected at most %d", len(typed), maxEntry)
	}
	var digits []byte
	finish := func() bool {
		if len(digits) == 0 {
			return true
		}
		n, err := strconv.ParseUint(string(digits), 10, 64)
		if err != nil {
			problem = fmt.Sprintf("has the number %s, expected at most 18446744073709551615", label.Quote(string(digits)))
		}
		numbers, digits = append(numbers, n), digits[:0]
		return err == nil
	}
	for i := 0; i < len(typed); {
		r, size := utf8.DecodeRuneInString(typed[i:])
		switch {
		case r >= '0' && r <= '9':
			digits = append(digits, byte(r))
		case r >= '\uff10' && r <= '\uff19': // full-width
			digits = append(digits, byte(r-'\uff10'+'0'))
		case unicode.IsSpace(r) || strings.ContainsRune(",+\uff0c\uff0b\u3001", r):
			if !finish() {
				return nil, problem
			}
		default:
			return nil, fmt.Sprintf("has %q at byte %d, expected digits, spaces and commas", typed[i:i+size], i+1)
		}
		i += size
	}
	if !finish() {
		return nil, problem
	}
	return numbers, ""
}
