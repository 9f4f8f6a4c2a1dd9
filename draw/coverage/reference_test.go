package coverage

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"sort"
	"strings"
)

// This is a second, slow implementation under SHA-256, from the words of SPEC.md
// and draw/SPEC.md alone. It takes and gives texts, and shares no code with the
// package.

func refHash(parts ...[]byte) []byte {
	sum := sha256.Sum256(bytes.Join(parts, nil))
	return sum[:]
}

// refKey is Key of draw/SPEC.md, section 3.
func refKey(secret []byte, parts ...string) []byte {
	mac := hmac.New(sha256.New, secret)
	for _, p := range append([]string{"doublerandom/v1"}, parts...) {
		mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(p))))
		mac.Write([]byte(p))
	}
	mac.Write([]byte{1})
	return mac.Sum(nil)
}

func refTicket(key []byte, id string) string { return string(refHash(key, []byte(id))[:16]) }

// refStart is Start of draw/SPEC.md, section 5.
func refStart(key []byte, size int64) int64 {
	m := big.NewInt(size)
	all := new(big.Int).Lsh(big.NewInt(1), 64)
	limit := new(big.Int).Sub(all, new(big.Int).Mod(all, m))
	for i := uint64(0); ; i++ {
		x := new(big.Int).SetBytes(refHash(key, binary.BigEndian.AppendUint64(nil, i))[:8])
		if x.Cmp(limit) < 0 {
			return x.Mod(x, m).Int64()
		}
	}
}

// refSizes are the sizes of section 3. big.Int's Div rounds down for a positive
// divisor.
func refSizes(units int64, parts []int64, start int64) (sizes []int64) {
	sum, end, before := int64(0), int64(0), int64(0)
	for _, s := range parts {
		sum += s
	}
	for _, s := range parts {
		end += s
		x := new(big.Int).Mul(big.NewInt(units), big.NewInt(end))
		x.Sub(x, big.NewInt(1+start))
		x.Div(x, big.NewInt(sum))
		below := x.Int64() + 1
		sizes = append(sizes, below-before)
		before = below
	}
	return sizes
}

// refRoot is the Merkle tree hash of RFC 6962, section 2.1.
func refRoot(leaves []string) []byte {
	switch len(leaves) {
	case 0:
		return refHash()
	case 1:
		return refHash([]byte{0}, []byte(leaves[0]))
	}
	k := refSplit(len(leaves))
	return refHash([]byte{1}, refRoot(leaves[:k]), refRoot(leaves[k:]))
}

func refPath(leaves []string, i int) []byte {
	if len(leaves) == 1 {
		return nil
	}
	if k := refSplit(len(leaves)); i < k {
		return append(refPath(leaves[:k], i), refRoot(leaves[k:])...)
	} else {
		return append(refPath(leaves[k:], i-k), refRoot(leaves[:k])...)
	}
}

func refSplit(n int) int {
	k := 1
	for k*2 < n {
		k *= 2
	}
	return k
}

type refPlan struct {
	id      string // 32 bytes
	lead    int64
	batches []string
	to      []int64 // last days
	cells   []refCell
}

type refCell struct {
	stratum, weight string
	units           int64
	parts           []int64
}

func refInt(s string) int64 {
	n, ok := new(big.Int).SetString(s, 10)
	if !ok {
		panic(s)
	}
	return n.Int64()
}

// refDay counts days by stepping through the calendar's rules.
func refDay(s string) int64 {
	y, m, d := refInt(s[:4]), refInt(s[5:7]), refInt(s[8:])
	leap := func(y int64) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }
	n := d
	for i := int64(1); i < y; i++ {
		n += 365
		if leap(i) {
			n++
		}
	}
	for i := int64(1); i < m; i++ {
		n += []int64{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[i-1]
		if i == 2 && leap(y) {
			n++
		}
	}
	return n
}

func refParsePlan(text string) (p refPlan) {
	p.id = string(refHash([]byte(text)))
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		switch f[0] {
		case "lead":
			p.lead = refInt(f[1])
		case "batch":
			p.batches, p.to = append(p.batches, f[1]), append(p.to, refDay(f[3]))
		case "cell":
			c := refCell{stratum: f[1], weight: f[2], units: refInt(f[3])}
			for _, part := range f[4:] {
				c.parts = append(c.parts, refInt(part))
			}
			p.cells = append(p.cells, c)
		}
	}
	return p
}

func (p refPlan) cell(stratum, weight string) refCell {
	for _, c := range p.cells {
		if c.stratum == stratum && c.weight == weight {
			return c
		}
	}
	panic(stratum + " " + weight)
}

// refSchedule returns the text of the schedule, that of cells.txt, and the
// batch of each ID of the frame.
func refSchedule(planText, frameText string, seed []byte) (schedule, cells string, batchOf map[string]int) {
	p := refParsePlan(planText)
	schedule = fmt.Sprintf("doublerandom/coverage-schedule/v1\nplan %x\nseed %x\n", p.id, seed)
	batchOf = map[string]int{}
	for _, c := range p.cells {
		schedule += fmt.Sprintf("cell %s %s %d\n", c.stratum, c.weight, c.units)
		key := refKey(seed, "coverage-unit", p.id, c.stratum)
		var ids []string
		for line := range strings.Lines(frameText) {
			if f := strings.Fields(line); f[1] == c.stratum && f[2] == c.weight {
				ids = append(ids, f[0])
			}
		}
		sort.Slice(ids, func(i, j int) bool { return refTicket(key, ids[i]) < refTicket(key, ids[j]) })
		sizes := make([]int64, len(c.parts))
		if c.units > 0 {
			sum := int64(0)
			for _, s := range c.parts {
				sum += s
			}
			start := refStart(refKey(seed, "coverage-wheel", p.id, c.stratum, c.weight), sum)
			sizes = refSizes(c.units, c.parts, start)
			cells += fmt.Sprintf("%s %s %d %s\n", c.stratum, c.weight, start, strings.Trim(fmt.Sprint(sizes), "[]"))
		}
		for k, n := range sizes {
			cutoff := "none"
			for _, id := range ids[:n] {
				batchOf[id] = k
				cutoff = hex.EncodeToString([]byte(refTicket(key, id)))
			}
			ids = ids[n:]
			schedule += fmt.Sprintf("cut %s %d %s\n", p.batches[k], n, cutoff)
		}
	}
	return schedule, cells, batchOf
}

// refNewcomer returns the ticket and batch of a newcomer by section 5, batch -1 if
// it is for the next plan.
func refNewcomer(planText string, seed []byte, id, stratum, weight, registered string) (ticket string, batch int) {
	p := refParsePlan(planText)
	ticket = refTicket(refKey(seed, "coverage-newcomer", p.id, stratum), id)
	f := 0
	for f < len(p.to) && p.to[f] < refDay(registered)+p.lead {
		f++
	}
	if f == len(p.to) {
		return ticket, -1
	}
	parts := p.cell(stratum, weight).parts
	sum := int64(0)
	for _, s := range parts[f:] {
		sum += s
	}
	if sum == 0 {
		return ticket, f
	}
	x := new(big.Int).SetBytes([]byte(ticket))
	x.Mul(x, big.NewInt(sum)).Rsh(x, 128)
	end := int64(0)
	for k := f; ; k++ {
		if end += parts[k]; x.Int64() < end {
			return ticket, k
		}
	}
}

// A refUnit is a row of a seal.
type refUnit struct{ row, since, batch string }

func (u refUnit) id() string { return strings.Fields(u.row)[0] }

func refLeaves(planID string, secret, seed []byte, units []refUnit) (leaves []string) {
	key := refKey(secret, "coverage-salt", planID, string(seed))
	for _, u := range units {
		leaves = append(leaves, fmt.Sprintf("%s %s %s %x", u.row, u.since, u.batch, refTicket(key, u.id())))
	}
	return leaves
}

func refReceipt(planID string, leaves []string, i int) string {
	f := strings.Fields(leaves[i])
	path := "none"
	if p := refPath(leaves, i); len(p) > 0 {
		path = base64.StdEncoding.EncodeToString(p)
	}
	return fmt.Sprintf("doublerandom/coverage-receipt/v1\nplan %x\nroot %x\nunits %d\nindex %d\nunit %s\nsince %s\nbatch %s\nsalt %s\npath %s\n",
		planID, refRoot(leaves), len(leaves), i, strings.Join(f[:3], " "), f[3], f[4], f[5], path)
}
