package draw_test

import (
	"crypto/sha256"
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/draw/teams"
	"github.com/doublerandom/doublerandom/internal/longtest"
	"github.com/doublerandom/doublerandom/matching"
	"github.com/doublerandom/doublerandom/matching/visit"
	"github.com/stretchr/testify/require"
)

// protocolTexts are the productions of sections 12 and 13 with their parsers,
// which return the text again.
func protocolTexts() map[string]func(string) (string, error) {
	parsers := map[string]func(string) (string, error){
		"Policy": func(text string) (string, error) {
			p, err := audit.ParsePolicy([]byte(text))
			if err != nil {
				return "", err
			}
			again, err := p.MarshalText()
			return string(again), err
		},
	}
	// readAndWrite is a parser by the methods of encoding.
	readAndWrite := func(read encoding.TextUnmarshaler, write encoding.TextMarshaler) func(string) (string, error) {
		return func(text string) (string, error) {
			if err := read.UnmarshalText([]byte(text)); err != nil {
				return "", err
			}
			again, err := write.MarshalText()
			return string(again), err
		}
	}
	template, rules, change, slots := new(teams.Template), new(teams.Rules), new(matching.Change), new(visit.Plan)
	parsers["Template"], parsers["Exclusions"] = readAndWrite(template, template), readAndWrite(rules, rules)
	parsers["Change"], parsers["Slots"] = readAndWrite(change, change), readAndWrite(slots, slots)
	parsers["Directory"] = func(text string) (string, error) {
		d, err := matching.ParseDirectory(sha256.New, []byte(text))
		if err != nil {
			return "", err
		}
		var again strings.Builder
		d.WriteTo(&again)
		return again.String(), nil
	}
	parsers["Roster"] = func(text string) (string, error) {
		r, err := matching.ParseRoster(strings.NewReader(text))
		if err != nil {
			return "", err
		}
		var again strings.Builder
		r.WriteTo(&again)
		return again.String(), nil
	}
	for _, name := range []string{"Series", "Notice", "Commit", "Reveal", "Close", "Pulse", "Sealed", "Receipt", "Event", "Opening", "Void"} {
		kind := strings.ToLower(name)
		parsers[name] = func(text string) (string, error) {
			s := statement.New(kind)
			if err := s.UnmarshalText([]byte(text)); err != nil {
				return "", err
			}
			again, err := s.MarshalText()
			return string(again), err
		}
	}
	return parsers
}

// mended makes true what the grammar cannot say, where that is easy: times are of
// the calendar and ascend, paths are base64 of one hash, and a few fields agree.
func mended(text string, rng *rand.Rand) string {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	text = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`).ReplaceAllStringFunc(text, func(string) string {
		at = at.Add(time.Duration(1+rng.IntN(10_000_000)) * time.Second)
		return at.Format("2006-01-02T15:04:05Z")
	})
	for _, list := range []string{"inspector", "team", "refused", "region", "exclusion", "pair", "visit", "without", "stratum", "slot", "method"} {
		counts := map[string]string{"inspector": "inspectors", "team": "teams", "region": "regions", "exclusion": "exclusions", "pair": "pairs", "visit": "visits", "stratum": "strata", "slot": "slots", "method": "methods"}
		n := len(regexp.MustCompile(`(?m)^`+list+` \S+( |$)`).FindAllString(text, -1))
		if count := counts[list]; count != "" {
			text = regexp.MustCompile(`(?m)^`+count+` \d+( \d+)?$`).ReplaceAllString(text, fmt.Sprintf("%s %d$1", count, n))
		}
	}
	text = regexp.MustCompile(`(?m)^(methods \d+) \d+$`).ReplaceAllString(text, "$1 0")
	text = regexp.MustCompile(`(?m)^((frame-)?path) [^n].*$`).ReplaceAllString(text, "$1 "+strings.Repeat("A", 42)+"E=")
	for _, rule := range [][2]string{
		{`(?m)^((regulator|witness) .*\+)\S*$`, "${1}AQID"},
		{`(?m)^(minimum|withheld|quorum) \d+$`, "$1 0"},
		{`(?m)^secret none$((?s:.*)^mode sealed$)`, "secret none$1"},
		{`(?m)^number [2-9]\d*\nprevious none$`, "number 1\nprevious none"},
		{`(?m)^number 1\d*\nprevious [0-9a-f]`, "number 3\nprevious a"},
		{`(?m)^sequence [2-9]\d*\nprevious none$`, "sequence 1\nprevious none"},
		{`(?m)^index \d+$`, "index 0"},
		{`(?m)^outcome other \d+$`, "outcome other 0"},
		{`(?m)^after announced$((?s:.*))^duty open$`, "after announced${1}duty none"},
		{`(?m)^beacon none \S+$`, "beacon none none"},
		{`(?m)^mode open$((?s:.*))^secret \S+$`, "mode open${1}secret none"},
		{`(?m)^sequence 1\d*\nprevious [0-9a-f]`, "sequence 3\nprevious a"},
		{`(?m)^place \d+$`, "place 2"},
		{`(?m)^kind (skip|recusal)$((?s:.*))^replacement \S+$`, "kind $1${2}replacement none"},
	} {
		text = regexp.MustCompile(rule[0]).ReplaceAllString(text, rule[1])
	}
	return text
}

// TestProtocolParsersKnowTheGrammar feeds the parsers of statements and policy with
// random texts of the grammar, half of them mended: they refuse some, for what
// the grammar cannot say, and take the others as they are. Texts with one change
// are taken only if the grammar has them, too.
func TestProtocolParsersKnowTheGrammar(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 24))
	random, matching := draw.SpecTexts(t, rng)
	parsers := protocolTexts()
	for _, name := range slices.Sorted(maps.Keys(parsers)) {
		parse := parsers[name]
		accepted, changed, texts := 0, 0, 300
		if longtest.Enabled() {
			texts = 1500
		}
		for i := range texts {
			text := random(name)
			if i%2 == 0 {
				text = mended(text, rng)
			}
			require.True(t, matching(name, text), "%s %q", name, text)
			if again, err := parse(text); err == nil {
				require.Equal(t, text, again)
				accepted++
			} else {
				require.NotContains(t, err.Error(), "\n")
			}
			at, n := rng.IntN(len(text)), rng.IntN(2)
			odd := text[:at] + []string{"", " ", "\n", "\r", "0", "+", "/", "A", "\x7f", "\u00a0", "\u2028", "\u3000", "\xff", "\ufeff"}[rng.IntN(14)] + text[at+n:]
			if again, err := parse(odd); err == nil {
				require.Equal(t, odd, again)
				require.True(t, matching(name, odd), "%s %q", name, odd)
				changed++
			}
		}
		t.Logf("%s: of %d texts %d are accepted, of as many with a change %d", name, texts, accepted, changed)
		require.Greater(t, accepted, texts/100, name)
	}
}

// TestVectorsMatchTheGrammar matches policies, notes and their texts in the
// vectors of the protocol.
func TestVectorsMatchTheGrammar(t *testing.T) {
	_, matching := draw.SpecTexts(t, rand.New(rand.NewPCG(1, 1)))
	files, err := filepath.Glob("testdata/protocol/valid-*.json")
	require.NoError(t, err)
	notes := 0
	for _, file := range files {
		var v struct {
			Policy string
			Files  map[string]string
		}
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(data, &v))
		require.True(t, matching("Policy", v.Policy), v.Policy)
		for name, note := range v.Files {
			if !strings.HasSuffix(name, ".note") {
				continue
			}
			require.True(t, matching("Note", note), note)
			text := note[:strings.LastIndex(note, "\n\n")+1]
			kind := statement.Kind([]byte(text))
			require.True(t, matching(strings.ToUpper(kind[:1])+kind[1:], text), text)
			notes++
		}
	}
	require.Greater(t, notes, 100)
}

// TestLimitsAreAsSpecified compares numbers and names of sections 12 and 13 with
// the code.
func TestLimitsAreAsSpecified(t *testing.T) {
	data, err := os.ReadFile("SPEC.md")
	require.NoError(t, err)
	text := strings.ReplaceAll(string(data), ",", "")
	for _, said := range []string{
		fmt.Sprintf("at most %d bytes long", statement.MaxText), fmt.Sprintf("the whole note has at most %d bytes", statement.MaxNote),
		fmt.Sprintf("Its signed text has at most %d bytes", statement.MaxReceipt),
		fmt.Sprintf("A packed text has at most %d characters", seal.MaxPacked), fmt.Sprintf("a policy %d.", audit.MaxPolicy),
	} {
		require.Contains(t, text, said)
	}
	section := string(data)[strings.Index(string(data), "### 13.5"):]
	for _, name := range audit.CheckNames() {
		require.Regexp(t, "\\*\\*[^*]*`"+name+"`", section, "section 13.5 says nothing of %s", name)
	}
	for v := audit.CannotTell; v <= audit.Called; v++ {
		require.Contains(t, section, "| "+v.String()+" |")
	}
}
