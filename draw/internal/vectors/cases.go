package main

import (
	"crypto/sha256"
	"fmt"
	"math/big"

	"github.com/doublerandom/doublerandom/draw/internal/sm3"
)

// weighted returns units of one stratum, with IDs that begin with prefix.
func weighted(prefix, stratum string, weights ...int) []unit {
	var units []unit
	for i, w := range weights {
		units = append(units, unit{fmt.Sprintf("%s%02d", prefix, i+1), stratum, number(w)})
	}
	return units
}

func repeat(weight, n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = weight
	}
	return list
}

func concat[T any](lists ...[]T) (all []T) {
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// large returns a stratum whose weights add up to 3·2^61: a quarter of all x
// are refused as starts of its wheel.
func large() []unit {
	var units []unit
	for i := range 8 {
		units = append(units, unit{fmt.Sprintf("L%d", i), "large", new(big.Int).Lsh(big.NewInt(1), uint(60-i%2))})
	}
	return units
}

// medium returns 1,000 units of ten strata.
func medium() (units []unit, quotas map[string]*big.Rat) {
	quotas = map[string]*big.Rat{}
	for i := range 1000 {
		h := sha256.Sum256(fmt.Appendf(nil, "doublerandom test vector unit %d", i))
		stratum := fmt.Sprintf("3702%02d/%c", h[0]%5, 'A'+rune(h[1]%2))
		units = append(units, unit{fmt.Sprintf("91370200MA%08d", i*7919%100000000), stratum, big.NewInt([]int64{1, 1, 1, 2, 2, 5}[h[2]%6])})
		quotas[stratum] = nil
	}
	for stratum := range quotas {
		n := int64(0)
		for _, u := range units {
			if u.stratum == stratum {
				n++
			}
		}
		quotas[stratum] = big.NewRat(5*n, 100) // 5 %
	}
	return units, quotas
}

func drawVectors() []drawVector {
	type quotas = map[string]*big.Rat
	unicode := []unit{
		{"企业一", "市南区/甲", big.NewInt(1)}, {"企业二", "市南区/甲", big.NewInt(1)}, {"é", "Zürich", big.NewInt(2)}, {"z", "Zürich", big.NewInt(2)},
		{"\U0001F600", "Zürich", big.NewInt(1)}, {"\uFF21", "市南区/甲", big.NewInt(3)}, {"A", "市南区/甲", big.NewInt(3)},
	}
	mediumUnits, mediumQuotas := medium()
	s := sha256Suite()
	all := []drawVector{
		s.derive("one-weight", "A stratum of one weight: simple random sampling.", weighted("a", "s", repeat(1, 10)...), quotas{"s": big.NewRat(3, 1)}, 2, 0),
		s.derive("mixed-weights", "Two strata of several weights.", concat(weighted("a", "A", 1, 1, 1, 2, 2, 3), weighted("b", "B", 4, 4, 4, 4, 1, 1, 1, 1, 1)),
			quotas{"A": big.NewRat(2, 1), "B": big.NewRat(4, 1)}, 1, 0),
		s.derive("certainty", "Two cells are certain, the second only after the first has left; B is taken whole; nothing is drawn from C.",
			concat(weighted("a", "A", 1, 1, 1, 1, 6, 100), weighted("b", "B", 1, 2), weighted("c", "C", 1, 2)),
			quotas{"A": big.NewRat(3, 1), "B": big.NewRat(2, 1), "C": big.NewRat(0, 1)}, 1, 0),
		s.derive("fractional-quotas", "Quotas of 7/5, 1/3 and 38/15: the least common denominator is 15. One of A's cells is certain for one count and not for the other.",
			concat(weighted("a", "A", 1, 1, 2, 5), weighted("b", "B", 1, 1, 1), weighted("c", "C", 3, 3, 1, 1, 1, 1)),
			quotas{"A": big.NewRat(7, 5), "B": big.NewRat(1, 3), "C": big.NewRat(38, 15)}, 1, 0),
		s.derive("nothing-drawn", "A quota of 1/10 that is rounded to 0.", weighted("a", "s", 1, 2), quotas{"s": big.NewRat(1, 10)}, 1, 0),
		s.derive("unicode", "IDs and labels beyond ASCII, sorted by the bytes of UTF-8.", unicode, quotas{"市南区/甲": big.NewRat(2, 1), "Zürich": big.NewRat(1, 1)}, 1, 0),
		s.derive("many-reserves", "More reserves than the cells have units.", weighted("a", "s", 1, 1, 1, 2, 2, 3), quotas{"s": big.NewRat(2, 1)}, 1000, 0),
		s.derive("equal-shares", "Cells of equal shares: 6·1 = 3·2 = 2·3 = 1·6.", weighted("a", "s", concat(repeat(1, 6), repeat(2, 3), repeat(3, 2), repeat(6, 1))...),
			quotas{"s": big.NewRat(3, 1)}, 0, 0),
		suite{"sm3", sm3.New}.derive("sm3", "Under the suite sm3 (GB/T 32905-2016).", concat(weighted("a", "A", 1, 1, 1, 2, 2, 3), weighted("b", "B", 1, 1, 4)),
			quotas{"A": big.NewRat(5, 2), "B": big.NewRat(4, 3)}, 1, 0),
		s.derive("thousand", "1,000 units in ten strata, 5 % of each.", mediumUnits, mediumQuotas, 2, 0),
	}
	for n := 0; ; n++ { // the first seed under which an x is refused
		v := s.derive("refused-start", "W = 3·2^61: the first x is 3·2^62 or more and is refused.", large(), quotas{"large": big.NewRat(2, 1)}, 1, n)
		if len(v.Strata[0].Wheel.X) > 1 {
			return append(all, v)
		}
	}
}

type keyVector struct {
	Secret  string   `json:"secret"`
	Purpose string   `json:"purpose"`
	Parts   []string `json:"parts"`
	Info    string   `json:"info"`
	Key     string   `json:"key"`
}

func keyVectors() (all []keyVector) {
	s := sha256Suite()
	secret := sha256.Sum256([]byte("doublerandom test vector key"))
	for _, k := range [][]string{
		{"select", "370202/A"}, {"cell", "370202/A"}, {"wheel", "370202/A"}, {"quota"}, {"quota-cell"}, {"frame-salt"}, {"select", "市南区"}, {"select", "3"},
	} {
		all = append(all, keyVector{text(secret[:]), k[0], k[1:], text(info(k[0], k[1:]...)), text(s.key(secret[:], k[0], k[1:]...))})
	}
	return all
}

type wheelFile struct {
	Starts []startVector `json:"starts"`
	Marks  []marksVector `json:"marks"`
}

type startVector struct {
	Key string   `json:"key"`
	M   string   `json:"M"`
	X   []string `json:"x"` // all but the last are refused
	R   string   `json:"r"`
}

type marksVector struct {
	M       string   `json:"M"`
	R       string   `json:"r"`
	Lengths []string `json:"lengths"`
	Ends    []string `json:"ends"`
	Marks   []string `json:"marks"`
}

func wheelVectors() (file wheelFile) {
	s := sha256Suite()
	limit := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 63), big.NewInt(1))
	refusing := new(big.Int).Lsh(big.NewInt(3), 61)
	for i, m := range []*big.Int{number(1), number(2), number(6), number(1000003), new(big.Int).Lsh(big.NewInt(1), 62), limit} {
		k := sha256.Sum256(fmt.Appendf(nil, "doublerandom test vector wheel %d", i))
		xs, r := s.start(k[:], m)
		file.Starts = append(file.Starts, startVector{text(k[:]), m.String(), xs, r.String()})
	}
	for refused := range 3 { // the first keys under which so many x are refused
		for n := 0; ; n++ {
			k := sha256.Sum256(fmt.Appendf(nil, "doublerandom test vector refusing wheel %d", n))
			if xs, r := s.start(k[:], refusing); len(xs) == refused+1 {
				file.Starts = append(file.Starts, startVector{text(k[:]), refusing.String(), xs, r.String()})
				break
			}
		}
	}
	huge := times(limit, number(5))
	for _, w := range []struct {
		m, r    *big.Int
		lengths []*big.Int
	}{
		{number(6), number(0), []*big.Int{number(3), number(9), number(0), number(6)}},
		{number(6), number(2), []*big.Int{number(2), number(1), number(9), number(6)}},
		{number(6), number(5), []*big.Int{number(5), number(1), number(6), number(6)}},
		{number(1), number(0), []*big.Int{number(4), number(0)}},
		{limit, new(big.Int).Sub(limit, big.NewInt(1)), []*big.Int{huge, new(big.Int).Sub(limit, big.NewInt(1)), big.NewInt(1)}},
	} {
		v := marksVector{M: w.m.String(), R: w.r.String()}
		ends, counts := marks(w.lengths, w.m, w.r)
		for i := range ends {
			v.Lengths = append(v.Lengths, w.lengths[i].String())
			v.Ends = append(v.Ends, ends[i].String())
			v.Marks = append(v.Marks, counts[i].String())
		}
		file.Marks = append(file.Marks, v)
	}
	return file
}

type treeVector struct {
	Frame  string       `json:"frame"`
	Secret string       `json:"secret,omitempty"` // of the salts; none if the frame is not salted
	Key    string       `json:"key,omitempty"`    // of the salts
	Leaves []leafVector `json:"leaves"`
	Root   string       `json:"root"`
}

type leafVector struct {
	ID   string   `json:"id"`
	Salt string   `json:"salt,omitempty"`
	Leaf string   `json:"leaf"`
	Hash string   `json:"hash"`
	Path []string `json:"path"`
}

// treeVectors are the trees of 1 to 8 rows, plain and salted.
func treeVectors() (all []treeVector) {
	s := sha256Suite()
	units := concat(weighted("a", "A", 1, 2, 3), weighted("b", "市南区", 1, 1, 1, 7, 1<<30))
	for n := 1; n <= len(units); n++ {
		for _, salted := range []bool{false, true} {
			v := treeVector{Frame: ""}
			var leaves, salts []string
			secret := sha256.Sum256(fmt.Appendf(nil, "doublerandom test vector salts %d", n))
			k := s.key(secret[:], "frame-salt")
			for _, u := range units[:n] { // in order already
				v.Frame += u.line() + "\n"
				leaf, salt := u.line(), ""
				if salted {
					salt = text(s.sum(k, []byte(u.id))[:16])
					leaf += " " + salt
				}
				leaves, salts = append(leaves, leaf), append(salts, salt)
			}
			if salted {
				v.Secret, v.Key = text(secret[:]), text(k)
			}
			for i, u := range units[:n] {
				v.Leaves = append(v.Leaves, leafVector{u.id, salts[i], leaves[i], text(s.sum([]byte{0}, []byte(leaves[i]))), s.proof(leaves, i)})
			}
			v.Root = text(s.root(leaves))
			all = append(all, v)
		}
	}
	return all
}
