package beacon_test

import (
	"fmt"

	"github.com/doublerandom/doublerandom/draw/beacon"
)

// Three results of the lottery decide the draw. The numbers are made up.
func ExampleLottery() {
	lottery, err := beacon.Lottery("welfare-lottery")
	if err != nil {
		fmt.Println(err)
		return
	}

	// Before: the notice names the beacon and the round.
	round, _ := beacon.LotteryRound(2026, 101)
	fmt.Println("round", round, "with", lottery.EntropyBits(round), "bits")

	// After the third result: two people type the numbers, each from a newspaper of
	// their own.
	first := `03 08 12 19 27 33 + 07
01 05 16 20 21 30 + 16
09 10 11 22 28 31 + 02`
	second := "8,3,12,19,27,33,7, 1,5,16,20,21,30,16, 9,10,11,22,28,31,3"
	_, err = lottery.Enter(first, second)
	fmt.Println(err)

	// One of them looks again.
	second = "8,3,12,19,27,33,7, 1,5,16,20,21,30,16, 9,10,11,22,28,31,2"
	value, err := lottery.Enter(first, second)
	fmt.Println(value, err)

	// A verifier has his own sight of the results, in his policy.
	verifier, err := lottery.With(map[string]string{
		"2026101x3": "3.8.12.19.27.33./7./1.5.16.20.21.30./16./9.10.11.22.28.31./2./",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	canonical, err := verifier.Verify(round, value, "")
	fmt.Println(canonical == value, err)
	_, err = verifier.Verify("2026104x3", value, "")
	fmt.Println(err)
	// Output:
	// round 2026101x3 with 72 bits
	// beacon: source "blue-3": number 1 is 2 in the first entry and 3 in the second
	// 3.8.12.19.27.33./7./1.5.16.20.21.30./16./9.10.11.22.28.31./2./ <nil>
	// true <nil>
	// beacon: "welfare-lottery" has no value for round "2026104x3" in the policy
}
