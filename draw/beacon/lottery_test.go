package beacon

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLottery(t *testing.T) {
	d, err := Lottery("ssq")
	require.NoError(t, err)
	require.Equal(t, 72, d.EntropyBits("2026101x3"))
	require.NoError(t, CheckEntropy(d, "2026101x3", Floor))
	require.Equal(t, "17721088", d.sources[0].outcomes().Mul(d.sources[0].outcomes(), d.sources[1].outcomes()).String())
	_, err = Lottery("a b")
	require.EqualError(t, err, `beacon: name of the beacon "a b" has the space U+0020 at byte 2`)

	for _, round := range []string{"2003001x3", "2026151x3", "9999366x3"} {
		require.Equal(t, 72, d.EntropyBits(round))
	}
	for _, round := range []string{
		"2026101", "2026101x2", "2026101x03", "2026101X3", "2026000x3", "2026367x3", "2002001x3", "+026101x3", "2026+01x3", "026101x3", "2026101-2026103",
	} {
		_, err := d.Verify(round, "", "")
		require.Error(t, err)
		require.Zero(t, d.EntropyBits(round))
	}
	_, err = d.Verify("2026101", "", "")
	require.EqualError(t, err, `beacon: round of "ssq" is "2026101", expected the first issue and the count of draws, such as "2026101x3"`)
}

func TestLotteryRound(t *testing.T) {
	round, err := LotteryRound(2026, 7)
	require.NoError(t, err)
	require.Equal(t, "2026007x3", round)
	for _, tt := range []struct {
		year, number int
		want         string
	}{
		{2002, 7, "beacon: lottery year is 2002, expected 2003–9999"},
		{10000, 7, "beacon: lottery year is 10000, expected 2003–9999"},
		{2026, 0, "beacon: lottery draw is number 0 of its year, expected 1–366"},
		{2026, 367, "beacon: lottery draw is number 367 of its year, expected 1–366"},
	} {
		_, err := LotteryRound(tt.year, tt.number)
		require.EqualError(t, err, tt.want)
	}
}
