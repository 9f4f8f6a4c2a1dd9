package model

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const carriers = `doublerandom/risk-model/v1
model carriers version 1 from 2020-01-01 to open
title For tests
facts all
times sms within 6 months 3; within 12 months 2; within 24 months 1; else 0
times halves within 12 months 2; else 1; divided by 2 rounded down
term brakes points 1..60 visit at most 30 weighted sms at most 100
term speeding points 1..10 factor 5 weighted sms
term lights points 0,2..5 weighted halves
term permit points 7 at least 4
class low total at most 50 rate 10000 weight 1
class medium total at most 200 each term at most 80 rate 20000 weight 2
class high otherwise rate 30000 weight 3
`

// TestScoreString reads a score aloud: visit limit, time weights, division, floor, cap, exclusion.
func TestScoreString(t *testing.T) {
	m := parse(t, carriers)
	facts := readFacts(t, m,
		"2026-11-01 0 brakes 45 1", "2026-01-27 0 brakes 6 2", "2020-05-05 0 brakes 60 1",
		"2026-11-27 0 lights 3 1", "2024-11-27 0 lights 2 1",
		"2026-11-28 0 permit 7 1",
	)
	s, err := scorer(t, m, "2026-11-27").Score(facts)
	require.NoError(t, err)
	require.Equal(t, `carriers version 1 on 2026-11-27: class high
brakes 100: 3 facts, 117 - 45 over 30 a visit = 72; 30*3 + 12*2 + 30*0 = 114; at most 100
speeding 0: no facts
lights 4: 2 facts, 5; 3*2 + 2*1 = 8; 8 / 2 = 4
permit 4: no facts; at least 4
total 100 + 0 + 4 + 4 = 108, highest 100
not low: expected total at most 50
not medium: expected total at most 200 each term at most 80
1 fact excluded
`, s.String())
	requireReads(t, s.String())

	s, err = scorer(t, m, "2026-11-27").Score(facts[3:4])
	require.NoError(t, err)
	require.Equal(t, `carriers version 1 on 2026-11-27: class low
brakes 0: no facts
speeding 0: no facts
lights 3: 1 fact, 3; 3*2 = 6; 6 / 2 = 3
permit 4: no facts; at least 4
total 0 + 0 + 3 + 4 = 7, highest 4
`, s.String())
}

var equation = regexp.MustCompile(`\d+( [-+*/] \d+|\*\d+| over \d+ a visit)* = \d+`)
var termLine = regexp.MustCompile(`^\S+ (\d+): (no|\d+) facts?`)

// requireReads does all sums of the text of a score again, from the text alone.
func requireReads(t testing.TB, text string) {
	var points []string
	for line := range strings.Lines(text) {
		for _, sum := range equation.FindAllString(line, -1) {
			left, right, _ := strings.Cut(sum, " = ")
			left = regexp.MustCompile(` over \d+ a visit`).ReplaceAllString(left, "")
			n, err := strconv.Atoi(right)
			require.NoError(t, err)
			if a, b, ok := strings.Cut(left, " / "); ok {
				x, y := atoi(t, a), atoi(t, b)
				require.True(t, n == x/y || n == x/y+1 && x%y > 0, line)
				continue
			}
			require.Equal(t, n, evaluate(t, left), line)
		}
		found := termLine.FindStringSubmatch(line)
		if found == nil {
			if rest, ok := strings.CutPrefix(line, "total "); ok {
				left, _, _ := strings.Cut(rest, " = ")
				require.Equal(t, points, strings.Split(left, " + "))
			}
			continue
		}
		points = append(points, found[1])
		// The last number of the line is the term's, or it has no facts and no points.
		numbers := regexp.MustCompile(`\d+`).FindAllString(line, -1)
		if last := numbers[len(numbers)-1]; strings.HasSuffix(line, "no facts\n") {
			require.Equal(t, "0", found[1], line)
		} else {
			require.Equal(t, found[1], last, line)
		}
	}
}

// evaluate returns the value of sums and differences of products.
func evaluate(t testing.TB, expression string) int {
	sum, sign := 0, 1
	for word := range strings.SplitSeq(expression, " ") {
		switch word {
		case "+":
			sign = 1
		case "-":
			sign = -1
		default:
			product := 1
			for factor := range strings.SplitSeq(word, "*") {
				product *= atoi(t, factor)
			}
			sum += sign * product
		}
	}
	return sum
}

func atoi(t testing.TB, s string) int {
	n, err := strconv.Atoi(s)
	require.NoError(t, err)
	return n
}
