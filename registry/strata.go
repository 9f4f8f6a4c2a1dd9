package registry

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// A Field is a text that an entity has: what strata and weights are made from.
type Field func(Entity) string

// ByDivision returns the first digits of an entity's division: 2 for the
// province, 4 for the city, 6 for the district, 9 for the town.
func ByDivision(digits int) Field {
	return func(e Entity) string { return e.Division[:min(max(digits, 0), len(e.Division))] }
}

// ByIndustry returns the first digits of an entity's industry code, without its
// edition: 2 for the division, 3 for the group, 4 for the class.
func ByIndustry(digits int) Field {
	return func(e Entity) string { return e.Industry.Code[:min(max(digits, 0), len(e.Industry.Code))] }
}

// ByDomain returns an entity's domain.
func ByDomain() Field { return func(e Entity) string { return e.Domain.String() } }

// ByStatus returns an entity's status.
func ByStatus() Field { return func(e Entity) string { return e.Status.String() } }

// ByAttribute returns an entity's attribute with the given key, "" if it has none.
func ByAttribute(key string) Field {
	return func(e Entity) string {
		value, _ := e.Attributes.Value(key)
		return value
	}
}

// A Labeler returns the label of an entity's stratum: 1–64 bytes of UTF-8
// without spaces and control characters.
type Labeler func(Entity) (string, error)

// StratumBy returns the labeler that joins fields with "/", such as "370202/C".
// An empty field is spelled "-". It returns an error for a field with a "/" in it
// or one that is "-", since two entities with different fields must not meet in
// one stratum.
func StratumBy(fields ...Field) Labeler {
	return func(e Entity) (string, error) {
		joined := make([]byte, 0, maxID)
		for i, field := range fields {
			if i > 0 {
				joined = append(joined, '/')
			}
			switch text := field(e); {
			case text == "":
				joined = append(joined, '-')
			case text == "-" || strings.Contains(text, "/"):
				return "", fmt.Errorf(`field %d is %s, expected a text without "/" and other than "-"`, i+1, label.Quote(text))
			default:
				joined = append(joined, text...)
			}
		}
		return string(joined), nil
	}
}

// A Weigher returns an entity's weight, 1 to [MaxWeight]. The chance to be drawn
// is proportional to it: there is no weight 0, since nobody is exempt.
type Weigher func(Entity) (uint64, error)

// WeightByClass returns the weigher that looks up a field, such as a risk class,
// in a table. A class that the table does not have is an error.
func WeightByClass(class Field, table map[string]uint64) Weigher {
	table = maps.Clone(table)
	return func(e Entity) (uint64, error) {
		weight, ok := table[class(e)]
		if !ok {
			known := slices.Sorted(maps.Keys(table))
			return 0, fmt.Errorf("class %s is not in the table: %s", label.Quote(class(e)), strings.Join(known, ", "))
		}
		return weight, nil
	}
}

// A Band is a weight for numbers from a threshold on.
type Band struct {
	From   uint64 // the smallest number of the band
	Weight uint64 // the weight of those in it
}

// WeightByBand returns the weigher that reads a field as a decimal number, such
// as a capital of "1286.5", and takes the weight of the last band that does not
// begin above it. What follows the decimal point plays no part. Where the field
// is empty or not such a number, or below the first band, the weight is missing.
// It returns an error unless the bands ascend and all weights are at least 1.
func WeightByBand(value Field, missing uint64, bands ...Band) (Weigher, error) {
	if missing < 1 {
		return nil, errors.New("registry: weight for a missing number is 0, expected at least 1")
	}
	for i, b := range bands {
		if b.Weight < 1 {
			return nil, fmt.Errorf("registry: band from %d has weight 0, expected at least 1", b.From)
		}
		if i > 0 && bands[i-1].From >= b.From {
			return nil, fmt.Errorf("registry: band from %d follows the one from %d, expected ascending", b.From, bands[i-1].From)
		}
	}
	bands = slices.Clone(bands)
	return func(e Entity) (uint64, error) {
		weight := missing
		if n, ok := wholePart(value(e)); ok {
			for _, b := range bands {
				if b.From > n {
					break
				}
				weight = b.Weight
			}
		}
		return weight, nil
	}, nil
}

// wholePart returns the whole part of a decimal number without a sign, at most
// the largest uint64.
func wholePart(text string) (uint64, bool) {
	digits, fraction, point := strings.Cut(text, ".")
	if digits == "" || !allDigits(digits) || !allDigits(fraction) || point && fraction == "" {
		return 0, false
	}
	var n uint64
	for _, c := range []byte(digits) {
		const most = ^uint64(0)
		if n > (most-uint64(c-'0'))/10 {
			return most, true
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}
