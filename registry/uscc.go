package registry

import (
	"fmt"
	"unicode/utf8"

	"github.com/doublerandom/doublerandom/internal/label"
)

// A CodeError says what is wrong with a unified social credit code, or with the
// organisation code inside it. The functions here return it as a pointer.
type CodeError struct {
	Code     string // the code as it was given
	Kind     Kind   // CodeLength, CodeAlphabet, CodeCheck or CodeOrganisation
	Expected byte   // the check character that would be right; 0 if the code is too malformed to have one

	form codeForm
}

// A codeForm is what a CodeError's code was meant to be.
type codeForm uint8

const (
	wholeCode        codeForm = iota // 18 characters
	codeUnchecked                    // the first 17
	organisationCode                 // the inner nine
)

// The lengths of the forms of a code, in characters.
const (
	codeLength         = 18
	organisationLength = 9
)

// codeAlphabet is the alphabet of GB 32100-2015; a character's place is its
// value. I, O, S, V and Z are left out.
const codeAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// notInAlphabet marks the bytes without a value; its top bit is in no value.
const notInAlphabet = 0xFF

// codeValues holds the value of each byte in codeAlphabet. Read only.
var codeValues = func() (values [256]uint8) {
	for i := range values {
		values[i] = notInAlphabet
	}
	for i := range len(codeAlphabet) {
		values[codeAlphabet[i]] = uint8(i)
	}
	return values
}()

// CheckCode checks a unified social credit code against GB 32100-2015: 18
// characters of its alphabet, of which the last is the check character
// (31 − Σ mod 31) mod 31, Σ being the sum of the first 17 values times
// 3^(i-1) mod 31. If all that is right it checks characters 9 to 17 against
// GB 11714, as [CheckOrganisationCode] does. Any error is a [*CodeError] with
// the first thing that is wrong; one of kind [CodeOrganisation] is a warning, since some
// codes in use fail only that. Lower-case and full-width letters are errors.
//
// Any one wrong character is found, as is any swap of two neighbours.
func CheckCode(code string) error {
	kind := codeKind(code)
	if kind == 0 {
		return nil
	}
	err := &CodeError{Code: code, Kind: kind}
	switch kind {
	case CodeCheck:
		err.Expected = codeCheck(code)
	case CodeOrganisation:
		err.Expected = organisationCheck(code[8:16])
	}
	return err
}

// CheckDigit returns the check character of GB 32100-2015 that follows the first
// 17 characters of a code. It is '0' when their weighted sum is a multiple of
// 31. An error is a [*CodeError] of kind [CodeLength] or [CodeAlphabet].
func CheckDigit(first17 string) (byte, error) {
	if kind := shapeKind(first17, codeLength-1); kind != 0 {
		return 0, &CodeError{Code: first17, Kind: kind, form: codeUnchecked}
	}
	return codeCheck(first17), nil
}

// CheckOrganisationCode checks an organisation code against GB 11714: nine
// digits and capital letters without a hyphen, the last of them the check
// character 11 − Σ mod 11, with X for 10 and 0 for 11; Σ is the sum of the first
// eight values (0–9, then A = 10 to Z = 35) times 3, 7, 9, 10, 5, 8, 4, 2. An
// error is a [*CodeError] of kind [CodeOrganisation].
func CheckOrganisationCode(nine string) error {
	err := &CodeError{Code: nine, Kind: CodeOrganisation, form: organisationCode}
	if len(nine) != organisationLength {
		return err
	}
	for i := range len(nine) {
		if !organisationCharacter(rune(nine[i])) {
			return err
		}
	}
	err.Expected = organisationCheck(nine)
	if nine[8] != err.Expected {
		return err
	}
	return nil
}

// DomainOfCode returns the domain that the first character of a unified social
// credit code stands for, which names the registering authority: 1 (机构编制) is
// an [Institution], 3 (司法行政) a [JudicialService], 5 (民政) a
// [SocialOrganisation], 9 (市场监管) an [Enterprise]; the other authorities of GB 32100
// (2, 4, 6, 7, 8, A, N, Y) give [OtherDomain]. Any other character gives
// [DomainUnknown], as does a code that is not 18 bytes long. The rest of the
// code is not checked.
func DomainOfCode(code string) Domain {
	if len(code) != codeLength {
		return DomainUnknown
	}
	switch code[0] {
	case '1':
		return Institution
	case '3':
		return JudicialService
	case '5':
		return SocialOrganisation
	case '9':
		return Enterprise
	case '2', '4', '6', '7', '8', 'A', 'N', 'Y':
		return OtherDomain
	}
	return DomainUnknown
}

// DivisionOfCode returns characters 3 to 8 of a unified social credit code, the
// GB/T 2260 division of the office that registered it. It returns "" if the code
// is not 18 bytes long or these are not six digits. The rest of the code is not
// checked, and the division may have been abolished since.
func DivisionOfCode(code string) string {
	if len(code) != codeLength || !allDigits(code[2:8]) {
		return ""
	}
	return code[2:8]
}

// Error returns the error as one line, such as
//
//	registry: code "91510100201920161Y": check character is "Y", expected "1"
//
// Very long codes are cut.
func (e *CodeError) Error() string {
	what := "code"
	if e.form == organisationCode {
		what = "organisation code"
	}
	return "registry: " + what + " " + label.Quote(e.Code) + ": " + e.text()
}

// text returns what is wrong, without the code itself.
func (e *CodeError) text() string {
	switch {
	case e.form == organisationCode:
		return e.organisationText()
	case e.Kind == CodeLength && e.form == codeUnchecked:
		return lengthText(e.Code, codeLength-1) + " before the check character"
	case e.Kind == CodeLength:
		return lengthText(e.Code, codeLength)
	case e.Kind == CodeAlphabet:
		return strayText(e.Code, func(r rune) bool {
			return r < utf8.RuneSelf && codeValues[r] != notInAlphabet
		}, "in the alphabet of GB 32100")
	case e.Kind == CodeCheck:
		return checkText(e.Code, e.Expected)
	case e.Kind == CodeOrganisation && len(e.Code) == codeLength:
		inner := e.Code[8:17]
		return "inner organisation code " + label.Quote(inner) + ": " + checkText(inner, e.Expected)
	}
	return e.Kind.String()
}

func (e *CodeError) organisationText() string {
	if e.Expected != 0 {
		return checkText(e.Code, e.Expected)
	}
	if utf8.RuneCountInString(e.Code) != organisationLength {
		return lengthText(e.Code, organisationLength)
	}
	return strayText(e.Code, organisationCharacter, "a digit or a capital letter")
}

// codeKind returns what is wrong with a code: CodeLength, CodeAlphabet,
// CodeCheck, CodeOrganisation, or 0 if nothing is. It allocates nothing.
func codeKind(code string) Kind {
	if len(code) != codeLength {
		return shapeKind(code, codeLength)
	}
	sum, all := codeSum(code)
	check := uint32(codeValues[code[codeLength-1]])
	if (all|check)&0x80 != 0 {
		return shapeKind(code, codeLength)
	}
	if (sum+check)%31 != 0 {
		return CodeCheck
	}
	if organisationCheck(code[8:16]) != code[16] {
		return CodeOrganisation
	}
	return 0
}

// shapeKind returns CodeLength, CodeAlphabet or 0 for a text that should have
// length characters of the alphabet. Text of another script with the right
// number of characters has the right length and the wrong alphabet.
func shapeKind(s string, length int) Kind {
	if len(s) < length || len(s) > length*utf8.UTFMax || utf8.RuneCountInString(s) != length {
		return CodeLength
	}
	if len(s) != length {
		return CodeAlphabet
	}
	for i := range len(s) {
		if codeValues[s[i]] == notInAlphabet {
			return CodeAlphabet
		}
	}
	return 0
}

// codeCheck returns the check character after the first 17 characters of code,
// which are all in the alphabet. The outer mod makes 31, when Σ mod 31 is 0, a '0'.
func codeCheck(code string) byte {
	sum, _ := codeSum(code)
	return codeAlphabet[(31-sum%31)%31]
}

// codeSum returns Σ of the first 17 characters of code, whose weights are
// 3^(i-1) mod 31, and all their values laid over each other. Loops over the
// weights, here and below, took half as long again.
func codeSum(code string) (sum, all uint32) {
	_ = code[codeLength-2]
	v := func(i int) uint32 { return uint32(codeValues[code[i]]) }
	sum = v(0) + 3*v(1) + 9*v(2) + 27*v(3) + 19*v(4) + 26*v(5) + 16*v(6) + 17*v(7) + 20*v(8) +
		29*v(9) + 25*v(10) + 13*v(11) + 8*v(12) + 24*v(13) + 10*v(14) + 30*v(15) + 28*v(16)
	all = v(0) | v(1) | v(2) | v(3) | v(4) | v(5) | v(6) | v(7) | v(8) |
		v(9) | v(10) | v(11) | v(12) | v(13) | v(14) | v(15) | v(16)
	return sum, all
}

// organisationCheck returns the check character of GB 11714 after the first
// eight characters of code, which are all digits and capital letters.
func organisationCheck(code string) byte {
	_ = code[organisationLength-2]
	v := func(i int) uint32 {
		digit := uint32(code[i]) - '0'
		if digit > 9 {
			return uint32(code[i]) - 'A' + 10 // all letters count here, I and O too
		}
		return digit
	}
	sum := 3*v(0) + 7*v(1) + 9*v(2) + 10*v(3) + 5*v(4) + 8*v(5) + 4*v(6) + 2*v(7)
	return "0X987654321"[sum%11] // 11 − Σ mod 11, with 11 as 0 and 10 as X
}

func organisationCharacter(r rune) bool {
	return '0' <= r && r <= '9' || 'A' <= r && r <= 'Z'
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func lengthText(s string, expected int) string {
	n := utf8.RuneCountInString(s)
	if n == 1 {
		return fmt.Sprintf("1 character, expected %d", expected)
	}
	return fmt.Sprintf("%d characters, expected %d", n, expected)
}

// strayText names the first character of s that is not legal, counting from 1.
func strayText(s string, legal func(rune) bool, not string) string {
	place := 0
	for i, r := range s {
		place++
		if legal(r) {
			continue
		}
		if _, size := utf8.DecodeRuneInString(s[i:]); r == utf8.RuneError && size == 1 {
			return fmt.Sprintf("byte 0x%02x at %d is not UTF-8", s[i], place)
		}
		return fmt.Sprintf("character %q at %d is not %s", r, place, not)
	}
	return "not " + not
}

// checkText compares the last character of s with the expected one.
func checkText(s string, expected byte) string {
	_, size := utf8.DecodeLastRuneInString(s)
	return fmt.Sprintf("check character is %q, expected %q", s[len(s)-size:], string(rune(expected)))
}
