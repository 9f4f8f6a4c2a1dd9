package draw

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// The reference derives the text of a result from the texts of frame and plan
// and a seed, by the words of SPEC.md alone. It shares no code with the package.

func refNumber(x any) *big.Rat        { r, _ := new(big.Rat).SetString(fmt.Sprint(x)); return r }
func refFloor(x *big.Rat) *big.Rat    { return refNumber(new(big.Int).Div(x.Num(), x.Denom())) } // Div rounds down here
func refHash(key, name string) []byte { h := sha256.Sum256([]byte(key + name)); return h[:] }

// refKey is section 3.
func refKey(seed string, parts ...string) string {
	mac := hmac.New(sha256.New, []byte(seed))
	for _, part := range append([]string{"doublerandom/v1"}, parts...) {
		mac.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(part))), part...))
	}
	mac.Write([]byte{1})
	return string(mac.Sum(nil))
}

// refOrder is section 4. Tickets are never equal here.
func refOrder(key string, names []string) []string {
	return slices.SortedFunc(slices.Values(names), func(a, b string) int { return bytes.Compare(refHash(key, a)[:16], refHash(key, b)[:16]) })
}

// refMarks is section 5 with M as the unit of length: from r/M it goes back by
// the shares l/M, and an interval has as many marks as whole numbers are passed.
func refMarks(key string, m *big.Rat, order []string, share map[string]*big.Rat) map[string]*big.Rat {
	marks, x := map[string]*big.Rat{}, new(big.Rat).Quo(refNumber("18446744073709551616"), m)
	for i, end := uint64(0), refFloor(x); x.Cmp(end) >= 0; i++ {
		x.Quo(refNumber(binary.BigEndian.Uint64(refHash(key, string(binary.BigEndian.AppendUint64(nil, i))))), m)
	}
	at := x.Sub(x, refFloor(x))
	for _, name := range order {
		marks[name] = refFloor(at)
		at.Sub(at, share[name])
		marks[name].Sub(marks[name], refFloor(at))
	}
	return marks
}

// refChances is step 2 of section 7, unit by unit: the chance of each weight, and
// what is left of W, given as sum.
func refChances(weights []*big.Rat, n *big.Rat, sum *big.Rat) (map[string]*big.Rat, *big.Rat) {
	pi := map[string]*big.Rat{}
	for _, w := range slices.Backward(weights) {
		pi[w.RatString()] = new(big.Rat).Quo(new(big.Rat).Mul(n, w), sum)
		if one := refNumber(1); pi[w.RatString()].Cmp(one) >= 0 {
			pi[w.RatString()], n, sum = one, new(big.Rat).Sub(n, one), new(big.Rat).Sub(sum, w)
		}
	}
	return pi, sum
}

func reference(frame, plan, seed string) (result string) {
	ids, weights, part, d, reserves := map[string][]string{}, map[string][]*big.Rat{}, map[string]*big.Rat{}, refNumber(1), 0
	for line := range strings.Lines(frame) {
		f := strings.Fields(line)
		ids[f[1]+" "+f[2]] = append(ids[f[1]+" "+f[2]], f[0])
		weights[f[1]] = append(weights[f[1]], refNumber(f[2]))
	}
	lines := strings.Split(plan, "\n")
	fmt.Sscanf(lines[4], "reserves %d", &reserves)
	for _, line := range lines[5 : len(lines)-1] {
		f := strings.Fields(line)
		part[f[1]] = new(big.Rat).Sub(refNumber(f[4]), refFloor(refNumber(f[4])))
		d.Mul(d, refNumber(new(big.Rat).Mul(d, part[f[1]]).Denom())) // the least common denominator so far
	}
	up := refMarks(refKey(seed, "quota"), d, refOrder(refKey(seed, "quota-cell"), slices.Collect(maps.Keys(part))), part)
	for _, line := range lines[5 : len(lines)-1] {
		s, share := strings.Fields(line)[1], map[string]*big.Rat{}
		slices.SortFunc(weights[s], (*big.Rat).Cmp)
		total, floor := refNumber(strings.Fields(line)[3]), refFloor(refNumber(strings.Fields(line)[4]))
		low, _ := refChances(weights[s], floor, total)
		high, _ := refChances(weights[s], new(big.Rat).Add(floor, refNumber(1)), total)
		pi, left := refChances(weights[s], up[s].Add(up[s], floor), total) // up is the count from here on
		for w := range pi {
			share[w] = new(big.Rat).Mul(pi[w], refNumber(len(ids[s+" "+w])))
		}
		left = slices.MaxFunc([]*big.Rat{left, refNumber(1)}, (*big.Rat).Cmp) // W is 0 if all are certain: then any wheel will do
		// Certain cells may be on the wheel too: their shares are whole and change no other's marks.
		marks := refMarks(refKey(seed, "wheel", s), left, refOrder(refKey(seed, "cell", s), slices.Collect(maps.Keys(pi))), share)
		result += line + " " + up[s].RatString() + "\n"
		for _, weight := range slices.CompactFunc(weights[s], func(v, w *big.Rat) bool { return v.Cmp(w) == 0 }) {
			w, key, text, tickets := weight.RatString(), refKey(seed, "select", s), "", []string{"none"}
			cell, c := refOrder(key, ids[s+" "+w]), int(marks[w].Num().Int64())
			for i, id := range cell[:min(c+reserves, len(cell))] {
				tickets = append(tickets, fmt.Sprintf("%x", refHash(key, id)[:16]))
				text += fmt.Sprintln(map[bool]string{true: "unit", false: "reserve"}[i < c], i+1, id, tickets[i+1])
			}
			cut := map[bool]string{true: "all", false: tickets[c]}[pi[w].IsInt() && c > 0]
			low[w].Add(low[w], new(big.Rat).Mul(part[s], high[w].Sub(high[w], low[w]))) // (1−f)·low + f·high
			result += fmt.Sprintln("cell", w, len(cell), share[w].RatString(), c, low[w].RatString(), cut) + text
		}
	}
	return fmt.Sprintf("doublerandom/result/v1\nplan %x\nseed %x\ndrawn %d\n%s", refHash("", plan), seed, strings.Count(result, "\nunit "), result)
}
