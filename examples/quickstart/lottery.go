package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"

	"github.com/doublerandom/doublerandom/draw/beacon"
)

// A lottery is the beacon of the scene: three results of a national lottery, for
// networks that reach no other. The results are made up.
type lottery struct {
	*beacon.Declared
	round string
	value string // canonical, once it is known
}

func newLottery() (*lottery, error) {
	declared, err := beacon.Lottery("lottery")
	if err != nil {
		return nil, err
	}
	round, err := beacon.LotteryRound(2026, 135)
	return &lottery{Declared: declared, round: round}, err
}

// draw makes up three results and returns them as two people typed them from two
// newspapers.
func (l *lottery) draw(random io.Reader) (first, second string, err error) {
	var seed [32]byte
	if _, err := io.ReadFull(random, seed[:]); err != nil {
		return "", "", err
	}
	balls := rand.New(rand.NewChaCha8(seed))
	var one, two []string
	for range 3 {
		red, blue := balls.Perm(33)[:6], balls.IntN(16)
		for _, n := range red {
			one = append(one, fmt.Sprintf("%02d", n+1))
		}
		one = append(one, fmt.Sprintf("%02d", blue+1))
		for i := range red {
			two = append(two, fmt.Sprint(red[len(red)-1-i]+1)) // in another order
		}
		two = append(two, fmt.Sprint(blue+1))
	}
	return strings.Join(one, " "), strings.Join(two, ", "), nil
}
