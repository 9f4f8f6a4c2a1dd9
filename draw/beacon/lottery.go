package beacon

import (
	"fmt"
	"strconv"

	"github.com/doublerandom/doublerandom/internal/label"
)

// lotteryDraws are the consecutive draws that one round takes: each has 24 bits,
// and three are the least number that reaches the floor of 64.
const lotteryDraws = 3

// Lottery returns a beacon for networks that reach no other: three consecutive
// results of the national welfare lottery 双色球, drawn on Tuesdays, Thursdays and
// Sundays on television. Each result is 6 of 33 red balls in any order and 1 of 16
// blue balls: C(33,6)·16 = 17,721,088 outcomes. Three have 72 bits.
//
// A round is named by [LotteryRound]. The sources are red-1, blue-1, red-2, …, so
// the canonical text is "r.r.r.r.r.r./b./" three times.
//
// The recipe: announce a round whose first issue is drawn after the contributions
// are closed; after the third, have two people type the results from two
// publications; make the value of [Declared.Enter] the pulse's, without a proof.
// A verifier gives the value, from his own sight of the results, to
// [Declared.With]. If a draw is cancelled, the rule of the series for an outage
// applies.
func Lottery(name string) (*Declared, error) {
	var sources []Source
	for i := range lotteryDraws {
		n := strconv.Itoa(i + 1)
		sources = append(sources,
			Source{Name: "red-" + n, Count: 6, Min: 1, Max: 33},
			Source{Name: "blue-" + n, Count: 1, Min: 1, Max: 16})
	}
	d, err := NewDeclared(name, sources)
	if err != nil {
		return nil, err
	}
	d.round = checkLotteryRound
	return d, nil
}

// LotteryRound returns the round token of a [Lottery]: the issue number (期号) of
// the first draw, which is the year and the draw's number within it in three
// digits, and the count of draws, such as "2026101x3". The count instead of the last
// issue keeps a round over the turn of the year unambiguous, since the number
// of a year's last issue is not known long before. It fails unless the year is
// 2003–9999, the first being that of the first draw, and the number 1–366.
func LotteryRound(year, number int) (string, error) {
	if year < 2003 || year > 9999 {
		return "", fmt.Errorf("beacon: lottery year is %d, expected 2003–9999", year)
	}
	if number < 1 || number > 366 {
		return "", fmt.Errorf("beacon: lottery draw is number %d of its year, expected 1–366", number)
	}
	return fmt.Sprintf("%04d%03dx%d", year, number, lotteryDraws), nil
}

// checkLotteryRound returns what is wrong with the round, or "".
func checkLotteryRound(round string) string {
	if len(round) == 9 {
		year, err1 := strconv.Atoi(round[:4])
		number, err2 := strconv.Atoi(round[4:7])
		if want, err3 := LotteryRound(year, number); err1 == nil && err2 == nil && err3 == nil && want == round {
			return ""
		}
	}
	return fmt.Sprintf(`is %s, expected the first issue and the count of draws, such as "2026101x%d"`, label.Quote(round), lotteryDraws)
}
