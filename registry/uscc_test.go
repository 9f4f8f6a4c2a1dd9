package registry

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// codeFor returns the valid code with the given first 16 characters, whose last
// eight are the body of the organisation code.
func codeFor(t testing.TB, first16 string) string {
	t.Helper()
	first17 := first16 + string(rune(organisationCheck(first16[8:])))
	check, err := CheckDigit(first17)
	require.NoError(t, err)
	return first17 + string(rune(check))
}

func TestCheckCode(t *testing.T) {
	long := strings.Repeat("9", 5000)
	for _, c := range []struct {
		name, code string
		kind       Kind
		expected   byte
		want       string
	}{
		{"check character", "91510100201920161Y", CodeCheck, '1',
			`registry: code "91510100201920161Y": check character is "Y", expected "1"`},
		{"old registration number", "320583000002094", CodeLength, 0,
			`registry: code "320583000002094": 15 characters, expected 18`},
		{"empty", "", CodeLength, 0, `registry: code "": 0 characters, expected 18`},
		{"one character", "9", CodeLength, 0, `registry: code "9": 1 character, expected 18`},
		{"17 characters", "91510100201920161", CodeLength, 0,
			`registry: code "91510100201920161": 17 characters, expected 18`},
		{"19 characters", "91510100201920161YY", CodeLength, 0,
			`registry: code "91510100201920161YY": 19 characters, expected 18`},
		{"very long", long, CodeLength, 0,
			`registry: code "` + long[:80] + `"… (5000 bytes): 5000 characters, expected 18`},
		{"18 bytes that are 6 characters", "青岛公平衡器", CodeLength, 0,
			`registry: code "青岛公平衡器": 6 characters, expected 18`},
		{"18 bytes that are 16 characters", "青51010020192016Y", CodeLength, 0,
			`registry: code "青51010020192016Y": 16 characters, expected 18`},
		{"18 characters that are 20 bytes", "青1510100201920161Y", CodeAlphabet, 0,
			`registry: code "青1510100201920161Y": character '青' at 1 is not in the alphabet of GB 32100`},
		{"18 characters that are 72 bytes", strings.Repeat("𠀀", 18), CodeAlphabet, 0,
			`registry: code "` + strings.Repeat("𠀀", 18) + `": character '𠀀' at 1 is not in the alphabet of GB 32100`},
		{"letter I", "9151I100201920161Y", CodeAlphabet, 0,
			`registry: code "9151I100201920161Y": character 'I' at 5 is not in the alphabet of GB 32100`},
		{"lower case", "91310000x072143273", CodeAlphabet, 0,
			`registry: code "91310000x072143273": character 'x' at 9 is not in the alphabet of GB 32100`},
		{"bad last character", "91510100201920161O", CodeAlphabet, 0,
			`registry: code "91510100201920161O": character 'O' at 18 is not in the alphabet of GB 32100`},
		{"character after a long one", "9青5101002019201 1Y", CodeAlphabet, 0,
			`registry: code "9青5101002019201 1Y": character '青' at 2 is not in the alphabet of GB 32100`},
		{"line feed", "91510100201920161\n", CodeAlphabet, 0,
			`registry: code "91510100201920161\n": character '\n' at 18 is not in the alphabet of GB 32100`},
		{"not UTF-8", "9151\xff100201920161Y", CodeAlphabet, 0,
			`registry: code "9151\xff100201920161Y": byte 0xff at 5 is not UTF-8`},
		{"inner code", "914512817717388902", CodeOrganisation, '8',
			`registry: code "914512817717388902": inner organisation code "771738890": check character is "0", expected "8"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := CheckCode(c.code)
			require.EqualError(t, err, c.want)
			var bad *CodeError
			require.ErrorAs(t, err, &bad)
			require.Equal(t, c.code, bad.Code)
			require.Equal(t, c.kind, bad.Kind)
			require.Equal(t, c.expected, bad.Expected)
			require.Equal(t, c.kind, codeKind(c.code))
		})
	}
}

// Codes in use, and the one printed in the standard.
func TestCheckCodeAccepts(t *testing.T) {
	for _, code := range []string{
		"91350100M000100Y43", // the example of GB 32100-2015, annex
		"9137011316349800XJ",
		"91370784165641826W",
		"913702001635621638",
	} {
		require.NoError(t, CheckCode(code))
		require.Zero(t, codeKind(code))
	}
}

// codeWeights are the weights of characters 1 to 17, as GB 32100-2015 prints them.
var codeWeights = [...]uint32{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// organisationWeights are those of characters 1 to 8 in GB 11714.
var organisationWeights = [...]uint32{3, 7, 9, 10, 5, 8, 4, 2}

func TestCodeWeights(t *testing.T) {
	for i, weight := range codeWeights {
		sum, all := codeSum(strings.Repeat("0", i) + "1" + strings.Repeat("0", 16-i))
		require.Equal(t, weight, sum, "character %d", i+1)
		require.Equal(t, uint32(1), all)
		_, all = codeSum(strings.Repeat("0", i) + "I" + strings.Repeat("0", 16-i))
		require.Equal(t, uint32(notInAlphabet), all, "character %d", i+1)
	}
	for i, weight := range organisationWeights {
		code := strings.Repeat("0", i) + "1" + strings.Repeat("0", 7-i)
		require.Equal(t, "0123456789X"[11-weight], organisationCheck(code), "character %d", i+1)
	}
}

// Σ mod 31 = 0 gives 31 − 0 = 31, which is no character: the check is '0'.
func TestCheckDigitOfSumZero(t *testing.T) {
	found := 0
	for _, c := range codeAlphabet {
		first17 := "9137020016356216" + string(c)
		var sum uint32
		for i := range first17 {
			sum += codeWeights[i] * uint32(strings.IndexByte(codeAlphabet, first17[i]))
		}
		check, err := CheckDigit(first17)
		require.NoError(t, err)
		if sum%31 == 0 {
			found++
			require.Equal(t, byte('0'), check)
			require.NotEqual(t, CodeCheck, codeKind(first17+"0"))
		} else {
			require.NotEqual(t, byte('0'), check)
		}
	}
	require.Equal(t, 1, found)
	check, err := CheckDigit("00000000000000000")
	require.NoError(t, err)
	require.Equal(t, byte('0'), check)
}

func TestCheckDigitRejects(t *testing.T) {
	for _, c := range []struct {
		text string
		kind Kind
		want string
	}{
		{"", CodeLength, `registry: code "": 0 characters, expected 17 before the check character`},
		{"91510100201920161Y", CodeLength,
			`registry: code "91510100201920161Y": 18 characters, expected 17 before the check character`},
		{"9151010020192016x", CodeAlphabet,
			`registry: code "9151010020192016x": character 'x' at 17 is not in the alphabet of GB 32100`},
	} {
		check, err := CheckDigit(c.text)
		require.EqualError(t, err, c.want)
		require.Zero(t, check)
		var bad *CodeError
		require.ErrorAs(t, err, &bad)
		require.Equal(t, c.kind, bad.Kind)
	}
}

// The weights are powers of 3, which has order 30 mod 31, and the check
// character's weight is 1. So a changed character changes Σ by weight × difference,
// never a multiple of the prime 31, and two neighbours with different weights
// that change places change it by the product of both differences.
func TestCheckCodeFindsEveryTypingError(t *testing.T) {
	power := uint32(1)
	for i, weight := range codeWeights {
		require.Equal(t, power, weight, "weight %d", i+1)
		power = power * 3 % 31
	}
	require.NotEqual(t, uint32(1), codeWeights[16], "the last character and the check character can change places")

	for _, first16 := range []string{"9137020016356216", "91350100M000100Y", "Y1110000ABCDEFGH"} {
		code := codeFor(t, first16)
		require.NoError(t, CheckCode(code))
		for i := range code {
			for c := range 256 {
				changed := []byte(code)
				changed[i] = byte(c)
				if kind := codeKind(string(changed)); (kind == 0) != (byte(c) == code[i]) || kind == CodeOrganisation {
					t.Fatalf("%s with byte %d changed to 0x%02x: kind %d", code, i+1, c, kind)
				}
			}
			if i > 0 && code[i-1] != code[i] {
				swapped := []byte(code)
				swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
				require.Equal(t, CodeCheck, codeKind(string(swapped)), "%s with %d and %d swapped", code, i, i+1)
			}
		}
	}
}

func TestCheckOrganisationCode(t *testing.T) {
	for _, nine := range []string{
		"D2143569X", // the example of GB 11714
		"163562163", "16349800X", "M000100Y4",
		"000000000", // Σ mod 11 = 0 gives 11, written 0
	} {
		require.NoError(t, CheckOrganisationCode(nine))
	}
	for _, c := range []struct {
		code     string
		expected byte
		want     string
	}{
		{"163562164", '3', `registry: organisation code "163562164": check character is "4", expected "3"`},
		{"163498000", 'X', `registry: organisation code "163498000": check character is "0", expected "X"`},
		{"000000001", '0', `registry: organisation code "000000001": check character is "1", expected "0"`},
		{"", 0, `registry: organisation code "": 0 characters, expected 9`},
		{"1634980-X", 0, `registry: organisation code "1634980-X": character '-' at 8 is not a digit or a capital letter`},
		{"16349800-X", 0, `registry: organisation code "16349800-X": 10 characters, expected 9`},
		{"16349800x", 0, `registry: organisation code "16349800x": character 'x' at 9 is not a digit or a capital letter`},
		{"1634980青", 0, `registry: organisation code "1634980青": 8 characters, expected 9`},
		{"16349800青", 0, `registry: organisation code "16349800青": character '青' at 9 is not a digit or a capital letter`},
	} {
		err := CheckOrganisationCode(c.code)
		require.EqualError(t, err, c.want)
		var bad *CodeError
		require.ErrorAs(t, err, &bad)
		require.Equal(t, CodeOrganisation, bad.Kind)
		require.Equal(t, c.expected, bad.Expected)
	}
}

// GB 11714 counts every letter from A = 10, those that GB 32100 leaves out too.
func TestOrganisationCheckLetters(t *testing.T) {
	for c := byte('A'); c <= 'Z'; c++ {
		sum := 3 * (int(c-'A') + 10)
		want := map[int]byte{10: 'X', 11: '0'}[11-sum%11]
		if want == 0 {
			want = byte('0' + 11 - sum%11)
		}
		require.Equal(t, string(rune(want)), string(rune(organisationCheck(string(rune(c))+"0000000"))), "letter %c", c)
	}
}

func TestDomainOfCode(t *testing.T) {
	for c := range 256 {
		want := DomainUnknown
		switch c {
		case '1':
			want = Institution
		case '3':
			want = JudicialService
		case '5':
			want = SocialOrganisation
		case '9':
			want = Enterprise
		case '2', '4', '6', '7', '8', 'A', 'N', 'Y':
			want = OtherDomain
		}
		require.Equal(t, want, DomainOfCode(string([]byte{byte(c)})+"1350100M000100Y43"), "first byte 0x%02x", c)
	}
	for _, code := range []string{"", "9", "91350100M000100Y4", "91350100M000100Y433", "320583000002094"} {
		require.Equal(t, DomainUnknown, DomainOfCode(code), code)
	}
}

func TestDivisionOfCode(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"91350100M000100Y43", "350100"},
		{"9137020016356216XX", "370200"},
		{"9137020A16356216XX", ""},
		{"91A7020016356216XX", ""},
		{"9137020/16356216XX", ""},
		{"9137020:16356216XX", ""},
		{"91350100M000100Y4", ""},
		{"320583000002094", ""},
		{"", ""},
		{"青51010020192016Y", ""},
	} {
		require.Equal(t, c.want, DivisionOfCode(c.code), c.code)
	}
}

// An error built by hand, or not at all, still has a text.
func TestCodeErrorByHand(t *testing.T) {
	for _, c := range []struct {
		err  CodeError
		want string
	}{
		{CodeError{}, `registry: code "": Kind(0)`},
		{CodeError{Kind: CodeAlphabet, Code: "9"}, `registry: code "9": not in the alphabet of GB 32100`},
		{CodeError{Kind: CodeCheck, Expected: '1'}, `registry: code "": check character is "", expected "1"`},
		{CodeError{Kind: CodeOrganisation, Code: "9"}, `registry: code "9": code-organisation`},
	} {
		require.EqualError(t, &c.err, c.want)
	}
}

func TestCodeKindAllocatesNothing(t *testing.T) {
	for _, code := range []string{"91350100M000100Y43", "91510100201920161Y", "91510100201920161x", "320583000002094"} {
		require.Zero(t, testing.AllocsPerRun(100, func() { codeKind(code) }), code)
	}
}

// Real codes that fail a check, with the reason that others found.
func TestRealBadCodes(t *testing.T) {
	kinds := map[string]Kind{
		"alphabet": CodeAlphabet, "length": CodeLength, "mod31": CodeCheck, "org_check_gb11714": CodeOrganisation,
	}
	seen := map[Kind]int{}
	healed := 0
	for _, row := range tableRows(t, "uscc_nonconforming.csv", 0) {
		code, reason, expected := row[0], row[1], row[2]
		kind := kinds[reason]
		require.NotZero(t, kind, reason)
		require.Equal(t, kind, codeKind(code), code)
		seen[kind]++
		var bad *CodeError
		require.ErrorAs(t, CheckCode(code), &bad)
		require.Equal(t, kind, bad.Kind)
		switch kind {
		case CodeCheck:
			require.Equal(t, expected, string(rune(bad.Expected)), code)
			require.NotEqual(t, CodeCheck, codeKind(code[:17]+expected))
		case CodeOrganisation:
			mended := codeFor(t, code[:16])
			require.Equal(t, mended[16], bad.Expected)
			require.NoError(t, CheckCode(mended))
		case CodeAlphabet:
			folded, _, uppercased := fold(code)
			require.True(t, uppercased, code)
			if kind := codeKind(folded); kind == 0 || kind == CodeOrganisation {
				healed++
			}
		}
	}
	require.Equal(t, map[Kind]int{CodeAlphabet: 162, CodeLength: 90, CodeCheck: 22, CodeOrganisation: 25}, seen)
	require.Equal(t, seen[CodeAlphabet], healed, "each needs only its lower-case letters upper-cased")
}

func TestRealGoodCodes(t *testing.T) {
	warnings := 0
	for _, row := range tableRows(t, "cn_registry_1m_slim.csv.gz", 50_000) {
		code := row[0]
		switch kind := codeKind(code); kind {
		case 0:
		case CodeOrganisation:
			warnings++
		default:
			t.Fatalf("%s: %v", code, CheckCode(code))
		}
		if DomainOfCode(code) == DomainUnknown || DivisionOfCode(code) == "" {
			t.Fatalf("%s: domain %s, division %q", code, DomainOfCode(code), DivisionOfCode(code))
		}
	}
	t.Logf("%d of 50000 fail only GB 11714", warnings)
	require.Less(t, warnings, 500)
}

func FuzzCheckCode(f *testing.F) {
	for _, s := range []string{
		"", "91350100M000100Y43", "91510100201920161Y", "914512817717388902", "91310000x072143273",
		"320583000002094", "青1510100201920161Y", "9151\xff100201920161Y", "000000000000000000",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, code string) {
		err := CheckCode(code)
		kind := codeKind(code)
		require.Equal(t, kind == 0, err == nil)
		if err != nil {
			var bad *CodeError
			require.ErrorAs(t, err, &bad)
			require.Equal(t, kind, bad.Kind)
			require.Contains(t, []Kind{CodeLength, CodeAlphabet, CodeCheck, CodeOrganisation}, kind)
			require.Less(t, len(err.Error()), 1000)
		}
		require.Equal(t, kind == CodeLength, utf8.RuneCountInString(code) != 18)
		agrees := false
		if len(code) == 18 {
			check, err := CheckDigit(code[:17])
			agrees = err == nil && check == code[17]
		}
		require.Equal(t, agrees, kind == 0 || kind == CodeOrganisation)
		if agrees {
			require.Equal(t, kind == 0, CheckOrganisationCode(code[8:17]) == nil)
		}
		_ = DomainOfCode(code)
		require.Contains(t, []int{0, 6}, len(DivisionOfCode(code)))
		_ = CheckOrganisationCode(code)
	})
}

func BenchmarkCodeKind(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if codeKind("913702001635621638") != 0 {
			b.Fatal("a valid code fails")
		}
	}
}
