package credit

import (
	"fmt"
	"github.com/doublerandom/doublerandom/internal/label"
	"iter"
	"math/bits"
	"strings"
)

// A ResultCode is one thing that an inspection of an item can end with. The zero ResultCode is
// not valid. Its text is the same in every version; its crosswalk to the codes of practice is
// [ResultCode.Official].
type ResultCode uint8

// The result codes, with their texts and the official codes they stand for. Codes B, C, 6 and D
// are the children of the official code 2, "something found".
const (
	NothingFound        ResultCode = iota + 1 // "nothing-found", 1
	ToBeHandled                               // "to-be-handled", A: something was found, what to do about it is open
	NotPublished                              // "not-published", B: what the law makes it publish was not
	FalsePublication                          // "false-publication", C: what it published is false
	Unreachable                               // "unreachable", 6: not to be found at the registered address
	OtherFinding                              // "other-finding", D
	FoodAndDrugs                              // "food-and-drugs", 3: a matter of food and drug supervision
	Quality                                   // "quality", 4: a matter of quality supervision
	OtherDepartment                           // "other-department", 5: a matter of another department
	Police                                    // "police", G: a matter of the police
	Corrected                                 // "corrected", E: something was found and set right
	NoActivity                                // "no-activity", F: the activity that was to be inspected is not carried on
	ClosedDown                                // "closed-down", 7: closed, or in liquidation
	Refused                                   // "refused", 8: refuses to cooperate, gravely
	Deregistered                              // "deregistered", 9
	LicenceRevoked                            // "licence-revoked", 10
	RegistrationRevoked                       // "registration-revoked", 11
	MovedAway                                 // "moved-away", 12
)

// An Outcome is what a set of results means for a rate of violations.
type Outcome uint8

// The outcomes.
const (
	NotInspected Outcome = iota // whether there is something to find is not known
	Clean                       // inspected, and nothing was found
	Found                       // something was found
)

// codes are the texts, official codes and outcomes of the result codes, in their order. A refusal
// is an offence in itself, so it is Found; who asks another question takes the codes themselves.
var codes = [...]struct {
	text, official string
	outcome        Outcome
}{
	{"", "", NotInspected},
	{"nothing-found", "1", Clean},
	{"to-be-handled", "A", Found},
	{"not-published", "B", Found},
	{"false-publication", "C", Found},
	{"unreachable", "6", NotInspected},
	{"other-finding", "D", Found},
	{"food-and-drugs", "3", Found},
	{"quality", "4", Found},
	{"other-department", "5", Found},
	{"police", "G", Found},
	{"corrected", "E", Found},
	{"no-activity", "F", NotInspected},
	{"closed-down", "7", NotInspected},
	{"refused", "8", Found},
	{"deregistered", "9", NotInspected},
	{"licence-revoked", "10", NotInspected},
	{"registration-revoked", "11", NotInspected},
	{"moved-away", "12", NotInspected},
}

// ParseResultCode returns the code with the given text, as [ResultCode.String] returns it.
func ParseResultCode(s string) (ResultCode, error) {
	for c := NothingFound; c <= MovedAway; c++ {
		if codes[c].text == s {
			return c, nil
		}
	}
	return 0, fmt.Errorf("credit: result code %s: unknown", label.Quote(s))
}

// ResultOfOfficial returns the code that an official code stands for: one of 1, A, B, C, 6, D, 3, 4,
// 5, G, E, F, 7, 8, 9, 10, 11 and 12. Code 2 has children and is refused: which of them is meant
// has to be said.
func ResultOfOfficial(official string) (ResultCode, error) {
	if official == "2" {
		return 0, fmt.Errorf("credit: official code 2 has the children B, C, 6 and D: expected one of them")
	}
	for c := NothingFound; c <= MovedAway; c++ {
		if codes[c].official == official {
			return c, nil
		}
	}
	return 0, fmt.Errorf("credit: official code %s: unknown", label.Quote(official))
}

// String returns the code's text, such as "nothing-found".
func (c ResultCode) String() string {
	if c < NothingFound || c > MovedAway {
		return fmt.Sprintf("ResultCode(%d)", uint8(c))
	}
	return codes[c].text
}

// Official returns the official code, such as "6"; "" for a code that is not valid.
func (c ResultCode) Official() string {
	if c > MovedAway {
		return ""
	}
	return codes[c].official
}

// Group returns the official code above the code's own: "2" for B, C, 6 and D, otherwise "".
func (c ResultCode) Group() string {
	if c >= NotPublished && c <= OtherFinding {
		return "2"
	}
	return ""
}

// Results are a set of result codes: what an inspection of one item ended with. It is a value;
// the zero Results are empty, which a record does not accept.
type Results struct{ set uint32 }

// NewResults returns the set of the given codes. It is an error if there are none, if one is not
// valid or given twice, or if NothingFound is not alone.
func NewResults(list ...ResultCode) (Results, error) {
	var r Results
	for _, c := range list {
		switch {
		case c < NothingFound || c > MovedAway:
			return Results{}, fmt.Errorf("credit: results: code %d is not valid", uint8(c))
		case r.Has(c):
			return Results{}, fmt.Errorf("credit: results: %q is given twice", c)
		}
		r.set |= 1 << c
	}
	switch {
	case r.set == 0:
		return Results{}, fmt.Errorf("credit: results: none, expected at least one")
	case r.Has(NothingFound) && r.Len() > 1:
		return Results{}, fmt.Errorf(`credit: results: "nothing-found" is not alone`)
	}
	return r, nil
}

// ParseResults reads the text that [Results.String] returns, and no other spelling.
func ParseResults(s string) (Results, error) {
	if len(s) > 400 { // more than all codes together
		return Results{}, fmt.Errorf("credit: results: %d bytes, expected at most 400", len(s))
	}
	var list []ResultCode
	for word := range strings.SplitSeq(s, ",") {
		c, err := ParseResultCode(word)
		if err != nil {
			return Results{}, err
		}
		if len(list) > 0 && c < list[len(list)-1] {
			return Results{}, fmt.Errorf("credit: results: %q before %q, expected the order of the codes", list[len(list)-1], c)
		}
		list = append(list, c)
	}
	return NewResults(list...)
}

// Has reports whether the code is in the set.
func (r Results) Has(c ResultCode) bool { return c <= MovedAway && r.set>>c&1 == 1 }

// Len returns the number of codes.
func (r Results) Len() int { return bits.OnesCount32(r.set) }

// All goes through the codes in the order in which they are declared.
func (r Results) All() iter.Seq[ResultCode] {
	return func(yield func(ResultCode) bool) {
		for c := NothingFound; c <= MovedAway; c++ {
			if r.Has(c) && !yield(c) {
				return
			}
		}
	}
}

// Outcome returns Found if one of the codes says that something was found, Clean if nothing was,
// and NotInspected if nobody could tell. A refusal counts as Found.
func (r Results) Outcome() Outcome {
	outcome := NotInspected
	for c := range r.All() {
		outcome = max(outcome, codes[c].outcome)
	}
	return outcome
}

// String returns the texts of the codes in the order in which they are declared, with commas
// between them, such as "not-published,corrected".
func (r Results) String() string {
	var words []string
	for c := range r.All() {
		words = append(words, c.String())
	}
	return strings.Join(words, ",")
}

// MarshalText returns the text of [Results.String]. It is an error for the empty set.
func (r Results) MarshalText() ([]byte, error) {
	if r.set == 0 {
		return nil, fmt.Errorf("credit: results: none, expected at least one")
	}
	return []byte(r.String()), nil
}

// UnmarshalText sets r to the results that text spells, as [ParseResults] reads it. If text is
// malformed, r is unchanged.
func (r *Results) UnmarshalText(text []byte) error {
	parsed, err := ParseResults(string(text))
	if err == nil {
		*r = parsed
	}
	return err
}
