package main

import (
	"fmt"
	"math/big"
	"strings"
)

// An invalidFile has a good draw and texts with one fault each. In a case, the
// text named by In stands for that of the draw; the other two are as they were.
type invalidFile struct {
	Frame  string          `json:"frame"`
	Plan   string          `json:"plan"`
	Result string          `json:"result"`
	Cases  []invalidVector `json:"cases"`
}

type invalidVector struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"` // the class of failure
	In    string `json:"in"`   // frame, plan or result
	Text  string `json:"text"`
	Error string `json:"error"` // as this module words it
}

// The classes of failure: the first that holds.
const (
	truncated = "truncated" // the text ends too early
	form      = "form"      // keywords, number of fields, spaces, line ends, more text
	digits    = "number"    // not the one spelling of a number, fraction or hash, or out of range
	label     = "label"     // an ID, label or name that is none
	order     = "order"     // not ascending, or repeated
	sums      = "sums"      // numbers that do not agree within the text
	trust     = "suite"     // a suite that the reader does not accept
	mismatch  = "mismatch"  // each text is well-formed, but they do not agree with one another
)

const most = "9223372036854775807"

func invalidVectors() invalidFile {
	units := concat(weighted("a", "S", 1, 1, 2, 9), weighted("b", "T", 1, 1, 5))
	v := sha256Suite().derive("invalid", "", units, map[string]*big.Rat{"S": big.NewRat(2, 1), "T": big.NewRat(3, 2)}, 1, 0)
	file := invalidFile{Frame: v.Frame, Plan: v.Plan, Result: v.Result}
	add := func(in, text, kind, name, old, new, err string) {
		changed := strings.Replace(text, old, new, 1)
		if changed == text {
			panic("vectors: " + name + " changes nothing")
		}
		file.Cases = append(file.Cases, invalidVector{name, kind, in, changed, err})
	}
	for _, f := range frameFaults() {
		add("frame", v.Frame, f[0], f[1], f[2], f[3], f[4])
	}
	for _, f := range planFaults(v) {
		add("plan", v.Plan, f[0], f[1], f[2], f[3], f[4])
	}
	for _, f := range resultFaults(v) {
		add("result", v.Result, f[0], f[1], f[2], f[3], f[4])
	}
	return file
}

// frameFaults are class, name, what is replaced, by what, and the error.
func frameFaults() [][5]string {
	at := func(line int, text string) string { return fmt.Sprintf("registry: frame line %d: %s", line, text) }
	return [][5]string{
		{truncated, "cut off", "b03 T 5\n", "b03 T 5", at(7, `"b03 T 5" ends without a newline: the text is cut off`)},
		{form, "carriage return", "a02 S 1\n", "a02 S 1\r\n", at(2, `"a02 S 1\r" ends with a carriage return, expected a newline alone`)},
		{form, "tab", "a02 S", "a02\tS", at(2, `"a02\tS 1" is not "id stratum weight" with single spaces`)},
		{form, "two spaces", "a02 S", "a02  S", at(2, `"a02  S 1" is not "id stratum weight" with single spaces`)},
		{form, "empty line", "a02 S 1\n", "a02 S 1\n\n", at(3, `"" is not "id stratum weight" with single spaces`)},
		{digits, "weight zero", "a02 S 1", "a02 S 0", at(2, "weight 0, expected 1 to "+most)},
		{digits, "negative weight", "a02 S 1", "a02 S -1", at(2, `weight "-1" is not a whole number from 1 to `+most)},
		{digits, "leading zero", "a02 S 1", "a02 S 01", at(2, `weight "01" has a leading zero`)},
		{digits, "decimal weight", "a02 S 1", "a02 S 1.0", at(2, `weight "1.0" is not a whole number from 1 to `+most)},
		{digits, "weight of 2^63", "a02 S 1", "a02 S 9223372036854775808", at(2, "weight 9223372036854775808 exceeds "+most)},
		{sums, "total weight of 2^63", "a02 S 1", "a02 S " + most, at(2, "weight "+most+" takes the total over "+most)},
		{label, "empty id", "a02 S", " S", at(2, "id is empty")},
		{label, "control character", "a02 S", "a\u008502 S", at(2, `id "a\u008502" has the control character U+0085 at byte 2`)},
		{label, "ideographic space", "a02 S", "a02 S\u3000", at(2, `stratum "S\u3000" has the space U+3000 at byte 2`)},
		{label, "long id", "a02", strings.Repeat("a", 65), at(2, `id "`+strings.Repeat("a", 65)+`" has 65 bytes, at most 64`)},
		{order, "repeated id", "a02", "a01", at(2, `id "a01" is repeated`)},
		{order, "descending ids", "a02", "a00", at(2, `id "a00" is below "a01" of the line before, expected ascending bytes`)},
		{mismatch, "row missing", "a02 S 1\n", "", "draw: frame has 6 units, the plan says 7"},
	}
}

func planFaults(v drawVector) [][5]string {
	at := func(line int, text string) string { return fmt.Sprintf("draw: plan line %d: %s", line, text) }
	notWhole := " is not a whole number up to " + most + " in plain decimal digits"
	upper := strings.ToUpper(v.FrameRoot)
	return [][5]string{
		{truncated, "empty", v.Plan, "", at(1, `missing, expected "doublerandom/plan/v1"`)},
		{truncated, "cut off in a line", "3/2\n", "3", at(7, "ends without a newline: the text is cut off")},
		{form, "other version", "plan/v1", "plan/v2", at(1, `"doublerandom/plan/v2", expected "doublerandom/plan/v1"`)},
		{form, "byte order mark", "double", "\ufeffdouble", at(1, `"\ufeffdoublerandom/plan/v1", expected "doublerandom/plan/v1"`)},
		{form, "carriage return", "v1\n", "v1\r\n", at(1, `"doublerandom/plan/v1\r", expected "doublerandom/plan/v1"`)},
		{form, "space at the end", "units 7\n", "units 7 \n", at(4, `"units 7 ", expected "units" and 1 fields with single spaces`)},
		{form, "more text", "3/2\n", "3/2\nmore\n", at(8, `"more", expected "stratum"`)},
		{trust, "unknown suite", "sha256", "md5", `draw: suite "md5" is none of those accepted: sha256`},
		{digits, "upper-case hash", v.FrameRoot, upper, at(3, `frame "`+upper+`" is not 64 lower-case hexadecimal digits`)},
		{digits, "leading zero", "units 7", "units 07", at(4, `units "07"`+notWhole)},
		{digits, "units of 2^63", "units 7", "units 9223372036854775808", at(4, `units "9223372036854775808"`+notWhole)},
		{digits, "reserves above 1000", "reserves 1", "reserves 1001", at(5, "1001 reserves, expected 0 to 1000")},
		{digits, "not in lowest terms", "3/2", "6/4", at(7, `quota: fraction "6/4" is not in lowest terms, expected "3/2"`)},
		{digits, "denominator one", "13 2\n", "13 2/1\n", at(6, `quota: fraction "2/1" is not in lowest terms, expected "2"`)},
		{digits, "denominator zero", "3/2", "3/0", at(7, `quota: fraction "3/0": denominator is zero`)},
		{digits, "decimal quota", "3/2", "1.5", at(7, `quota: fraction "1.5": "." is not a digit`)},
		{label, "no-break space", "stratum S", "stratum S\u00a0", at(6, `stratum "S\u00a0" has the space U+00A0 at byte 2`)},
		{order, "strata repeated", "stratum T", "stratum S", at(7, `stratum "S" is not above "S" of the line before`)},
		{sums, "units too many", "units 7", "units 8", "draw: plan: strata have 7 units, the frame 8"},
		{sums, "quota above the units", "13 2\n", "13 5\n", `draw: stratum "S": quota 5 exceeds 4 units`},
		{sums, "all quotas zero", "13 2\nstratum T 3 7 3/2", "13 0\nstratum T 3 7 0", "draw: all quotas are 0: there is nothing to draw"},
		{sums, "common denominator of 2^63 or more", "13 2\nstratum T 3 7 3/2", "13 1/4294967296\nstratum T 3 7 1/4294967295",
			`draw: stratum "T": quota 1/4294967295 raises the common denominator of the quotas above ` + most},
	}
}

func resultFaults(v drawVector) [][5]string {
	at := func(line int, text string) string { return fmt.Sprintf("draw: result line %d: %s", line, text) }
	notWhole := " is not a whole number up to " + most + " in plain decimal digits"
	other := strings.Replace(v.PlanID, v.PlanID[:1], string("0123456789abcdef0"[strings.Index("0123456789abcdef", v.PlanID[:1])+1]), 1)
	s := v.Strata[0]
	certain := s.Cells[len(s.Cells)-1].Ranked[0]
	line := fmt.Sprintf("unit 1 %s %s\n", certain.ID, certain.Ticket)
	row := strings.Count(v.Result[:strings.Index(v.Result, line)], "\n") + 1
	const head = "stratum S 4 13 2 2\n"
	return [][5]string{
		{truncated, "cut off after a line", v.Result[strings.Index(v.Result, "stratum T"):], "", fmt.Sprintf("draw: result: strata have 2 drawn units, expected %d", drawn(v))},
		{truncated, "unit missing", line, "", at(row-1, "cell of weight 9 has 1 drawn of 1 units, but 0 lines follow")},
		{form, "a plan", v.Result, v.Plan, at(1, `"doublerandom/plan/v1", expected "doublerandom/result/v1"`)},
		{form, "unit for reserve", "reserve 1 ", "unit 1 ", at(7, "unit of rank 1 in a cell with 0 drawn")},
		{form, "empty line at the end", line, line + "\n", at(row+1, `"", expected "stratum"`)},
		{digits, "short ticket", line, line[:len(line)-2] + "\n", at(row, `ticket "`+certain.Ticket[:31]+`" is not 32 lower-case hexadecimal digits`)},
		{digits, "rank with a leading zero", line, "unit 01" + line[len("unit 1"):], at(row, `rank "01"`+notWhole)},
		{digits, "wrong rank", line, "unit 2" + line[len("unit 1"):], at(row, "rank 2, expected 1")},
		{label, "empty id", line, "unit 1 " + line[len("unit 1 "+certain.ID):], at(row, "id is empty")},
		{sums, "wrong total", fmt.Sprintf("drawn %d\n", drawn(v)), fmt.Sprintf("drawn %d\n", drawn(v)+1), fmt.Sprintf("draw: result: strata have %d drawn units, expected %d", drawn(v), drawn(v)+1)},
		{sums, "count is not the quota rounded", head, "stratum S 4 13 2 3\n", at(5, `stratum "S" of 4 units with quota 2 cannot have 3 drawn`)},
		{sums, "weights do not add up", head, "stratum S 4 14 2 2\n", at(5, `stratum "S" has 4 units of weight 14 and 2 drawn, its cells 4 of 13 and 2`)},
		{order, "cells repeated", "cell 2 1 ", "cell 1 1 ", at(strings.Count(v.Result[:strings.Index(v.Result, "cell 2 1 ")], "\n")+1, "cell of weight 1 is not above 1 before it")},
		{mismatch, "of another plan", v.PlanID, other, "draw: result is for plan " + other + ", expected " + v.PlanID},
		{mismatch, "other unit", line, "unit 1 x" + line[len("unit 1 "+certain.ID):],
			fmt.Sprintf("draw: result line %d is %q, derived %q", row, "unit 1 x"+strings.TrimSuffix(line[len("unit 1 "+certain.ID):], "\n"), strings.TrimSuffix(line, "\n"))},
		{mismatch, "other chance", " 1/4 ", " 1/5 ", chanceError(v, " 1/4 ", " 1/5 ")},
	}
}

func drawn(v drawVector) int {
	var n int
	fmt.Sscanf(v.Result[strings.Index(v.Result, "drawn "):], "drawn %d", &n)
	return n
}

// chanceError is the error for a line in which old is replaced.
func chanceError(v drawVector, old, new string) string {
	for i, line := range strings.Split(v.Result, "\n") {
		if strings.Contains(line, old) {
			return fmt.Sprintf("draw: result line %d is %q, derived %q", i+1, strings.Replace(line, old, new, 1), line)
		}
	}
	panic("vectors: no chance " + old)
}
