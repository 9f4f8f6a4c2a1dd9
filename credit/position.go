package credit

import (
	"fmt"
	"github.com/doublerandom/doublerandom/internal/label"
	"math/bits"
	"strings"
)

// A Datum is the geodetic system that coordinates are in. Maps in China are shifted by law: the
// same coordinates in two systems are up to a kilometre apart.
type Datum uint8

// The systems.
const (
	WGS84 Datum = iota + 1 // "wgs84": satellite receivers; CGCS2000 is the same within centimetres
	GCJ02                  // "gcj02": Chinese map services and telephones
	BD09                   // "bd09": Baidu's maps
)

var datums = [...]string{"", "wgs84", "gcj02", "bd09"}

// String returns the system's text, such as "wgs84".
func (d Datum) String() string {
	if d < WGS84 || d > BD09 {
		return fmt.Sprintf("Datum(%d)", uint8(d))
	}
	return datums[d]
}

// A Position is a place on Earth, in millionths of a degree (0.11 m of latitude). The zero
// Position is none.
type Position struct {
	Latitude  int32 // −90,000,000 to 90,000,000, north positive
	Longitude int32 // −180,000,000 to 180,000,000, east positive
	Datum     Datum // WGS84, GCJ02 or BD09
}

const microdegrees = 1_000_000

// ParsePosition reads the text that [Position.String] returns, and no other spelling.
func ParsePosition(s string) (Position, error) {
	if len(s) > 40 {
		return Position{}, fmt.Errorf("credit: position: %d bytes, expected at most 40", len(s))
	}
	var p Position
	fields := strings.Split(s, " ")
	if len(fields) == 3 {
		p.Latitude, p.Longitude = coordinate(fields[0]), coordinate(fields[1])
		for d := WGS84; d <= BD09; d++ {
			if datums[d] == fields[2] {
				p.Datum = d
			}
		}
	}
	if p.problem() != "" || p.String() != s {
		return Position{}, fmt.Errorf(`credit: position %s: expected latitude, longitude and datum, such as "36.067123 120.382640 wgs84"`, label.Quote(s))
	}
	return p, nil
}

// coordinate reads degrees with six decimals. Whatever is spelled otherwise does not come back
// the same.
func coordinate(s string) int32 {
	digits, negative := strings.CutPrefix(s, "-")
	n := int32(0)
	for _, c := range []byte(digits) {
		if c == '.' {
			continue
		}
		if c < '0' || c > '9' || n > 200*microdegrees/10 {
			return 0
		}
		n = n*10 + int32(c-'0')
	}
	if negative {
		return -n
	}
	return n
}

func (p Position) problem() string {
	switch {
	case p.Datum < WGS84 || p.Datum > BD09:
		return "has no datum"
	case p.Latitude < -90*microdegrees || p.Latitude > 90*microdegrees:
		return "has a latitude beyond 90 degrees"
	case p.Longitude < -180*microdegrees || p.Longitude > 180*microdegrees:
		return "has a longitude beyond 180 degrees"
	}
	return ""
}

// IsZero reports whether p is no position.
func (p Position) IsZero() bool { return p == Position{} }

// String returns latitude, longitude and datum, such as "36.067123 120.382640 wgs84"; "" for the
// zero Position.
func (p Position) String() string {
	if p.IsZero() {
		return ""
	}
	return degrees(p.Latitude) + " " + degrees(p.Longitude) + " " + p.Datum.String()
}

func degrees(n int32) string {
	sign, m := "", int64(n)
	if m < 0 {
		sign, m = "-", -m
	}
	return fmt.Sprintf("%s%d.%06d", sign, m/microdegrees, m%microdegrees)
}

// MarshalText returns the text of [Position.String]; it is empty for the zero Position. A position
// that is not valid is an error.
func (p Position) MarshalText() ([]byte, error) {
	if what := p.problem(); what != "" && !p.IsZero() {
		return nil, fmt.Errorf("credit: position %s: %s", label.Quote(p.String()), what)
	}
	return []byte(p.String()), nil
}

// UnmarshalText sets p to the position that text spells, as [ParsePosition] reads it, or to the
// zero Position if text is empty. If text is malformed, p is unchanged.
func (p *Position) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*p = Position{}
		return nil
	}
	parsed, err := ParsePosition(string(text))
	if err == nil {
		*p = parsed
	}
	return err
}

// cosines[d] is the cosine of d degrees in millionths, to the nearest. Read only.
var cosines = [91]int64{
	1_000_000, 999_848, 999_391, 998_630, 997_564, 996_195, 994_522, 992_546, 990_268, 987_688, 984_808, 981_627, 978_148,
	974_370, 970_296, 965_926, 961_262, 956_305, 951_057, 945_519, 939_693, 933_580, 927_184, 920_505, 913_545, 906_308,
	898_794, 891_007, 882_948, 874_620, 866_025, 857_167, 848_048, 838_671, 829_038, 819_152, 809_017, 798_636, 788_011,
	777_146, 766_044, 754_710, 743_145, 731_354, 719_340, 707_107, 694_658, 681_998, 669_131, 656_059, 642_788, 629_320,
	615_661, 601_815, 587_785, 573_576, 559_193, 544_639, 529_919, 515_038, 500_000, 484_810, 469_472, 453_990, 438_371,
	422_618, 406_737, 390_731, 374_607, 358_368, 342_020, 325_568, 309_017, 292_372, 275_637, 258_819, 241_922, 224_951,
	207_912, 190_809, 173_648, 156_434, 139_173, 121_869, 104_528, 87_156, 69_756, 52_336, 34_899, 17_452, 0,
}

// Distance returns the distance between two positions in whole metres, rounded down, and whether
// it can be told: both must be valid and in the same datum. It is computed in whole numbers, so that everybody
// gets the same: on a sphere on which a degree is 111,195 m, as if it were flat around the mean
// latitude. Up to 100 km and below 80 degrees of latitude the error is under a thousandth.
func (p Position) Distance(q Position) (metres uint64, ok bool) {
	if p.problem() != "" || q.problem() != "" || p.Datum != q.Datum {
		return 0, false
	}
	dlat := abs(int64(p.Latitude) - int64(q.Latitude))
	dlon := abs(int64(p.Longitude) - int64(q.Longitude))
	dlon = min(dlon, 360*microdegrees-dlon) // the shorter way around
	mean := abs(int64(p.Latitude)+int64(q.Latitude)) / 2
	d, part := mean/microdegrees, mean%microdegrees
	cosine := cosines[d]
	if part > 0 {
		cosine -= (cosines[d] - cosines[d+1]) * part / microdegrees
	}
	// A degree is 111,195 m; lengths are in centimetres, at most 2·10⁹.
	north := uint64(dlat) * 111_195 / 10_000
	east := uint64(dlon*cosine/1000) * 111_195 / 10_000_000
	return root(north*north+east*east) / 100, true
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

// root returns the square root, rounded down, by Newton's method from above.
func root(n uint64) uint64 {
	if n == 0 {
		return 0
	}
	x := uint64(1) << ((bits.Len64(n) + 1) / 2)
	for {
		y := (x + n/x) / 2
		if y >= x {
			return x
		}
		x = y
	}
}
