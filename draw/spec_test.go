package draw

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
	"golang.org/x/exp/ebnf"
)

func spec(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("SPEC.md")
	require.NoError(t, err)
	return string(text)
}

// specGrammar returns the grammar that SPEC.md gives, in all its parts.
func specGrammar(t testing.TB) ebnf.Grammar {
	t.Helper()
	source := ""
	roster, err := os.ReadFile("../matching/SPEC.md") // its texts are part of a bundle
	require.NoError(t, err)
	for _, block := range regexp.MustCompile("(?s)```ebnf\n(.*?)```").FindAllStringSubmatch(spec(t)+string(roster), -1) {
		source += block[1]
	}
	grammar, err := ebnf.Parse("SPEC.md", strings.NewReader(source))
	require.NoError(t, err)
	return grammar
}

// names yields the names that an expression refers to.
func names(e ebnf.Expression, yield func(string)) {
	switch e := e.(type) {
	case ebnf.Alternative:
		for _, x := range e {
			names(x, yield)
		}
	case ebnf.Sequence:
		for _, x := range e {
			names(x, yield)
		}
	case *ebnf.Name:
		yield(e.String)
	case *ebnf.Group:
		names(e.Body, yield)
	case *ebnf.Option:
		names(e.Body, yield)
	case *ebnf.Repetition:
		names(e.Body, yield)
	}
}

// TestGrammarIsWhole checks that every name of the grammar is defined and used,
// from each text on and from all of them together.
func TestGrammarIsWhole(t *testing.T) {
	grammar := specGrammar(t)
	used := map[string]bool{}
	for _, p := range grammar {
		names(p.Expr, func(name string) { used[name] = true })
	}
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(grammar)) {
		if !used[name] {
			texts = append(texts, name)
		}
	}
	require.Subset(t, texts, []string{"Frame", "Plan", "Result"})
	any, err := ebnf.Parse("", strings.NewReader("Any = "+strings.Join(texts, " | ")+" ."))
	require.NoError(t, err)
	all := maps.Clone(grammar)
	all["Any"] = any["Any"]
	require.NoError(t, ebnf.Verify(all, "Any"))
	for _, text := range texts {
		reached := ebnf.Grammar{}
		var reach func(name string)
		reach = func(name string) {
			if reached[name] == nil && grammar[name] != nil {
				reached[name] = grammar[name]
				names(grammar[name].Expr, reach)
			}
		}
		reach(text)
		require.NoError(t, ebnf.Verify(reached, text))
		require.True(t, unicode.IsUpper(rune(text[0])), "%s is not used", text)
	}
}

// match calls then with what is left of the text after each beginning that the
// expression allows, until then returns true.
func match(g ebnf.Grammar, e ebnf.Expression, text string, then func(rest string) bool) bool {
	switch e := e.(type) {
	case nil:
		return then(text)
	case ebnf.Alternative:
		return slices.ContainsFunc(e, func(x ebnf.Expression) bool { return match(g, x, text, then) })
	case ebnf.Sequence:
		if len(e) == 0 {
			return then(text)
		}
		return match(g, e[0], text, func(rest string) bool { return match(g, e[1:], rest, then) })
	case *ebnf.Name:
		return match(g, g[e.String].Expr, text, then)
	case *ebnf.Token:
		rest, ok := strings.CutPrefix(text, e.String)
		return ok && then(rest)
	case *ebnf.Range:
		r, n := utf8.DecodeRuneInString(text)
		first, _ := utf8.DecodeRuneInString(e.Begin.String)
		last, _ := utf8.DecodeRuneInString(e.End.String)
		return n > 0 && (r != utf8.RuneError || n > 1) && first <= r && r <= last && then(text[n:])
	case *ebnf.Group:
		return match(g, e.Body, text, then)
	case *ebnf.Option:
		return match(g, e.Body, text, then) || then(text)
	case *ebnf.Repetition:
		return match(g, e.Body, text, func(rest string) bool { return match(g, e, rest, then) }) || then(text)
	}
	panic(fmt.Sprintf("%T", e))
}

func matches(g ebnf.Grammar, name, text string) bool {
	return match(g, g[name].Expr, text, func(rest string) bool { return rest == "" })
}

// generate appends a random text of the expression. Numbers and lists are short,
// so that sums come out right now and then.
func generate(g ebnf.Grammar, e ebnf.Expression, rng *rand.Rand, b *strings.Builder) {
	switch e := e.(type) {
	case ebnf.Alternative:
		generate(g, e[rng.IntN(len(e))], rng, b)
	case ebnf.Sequence:
		for _, x := range e {
			generate(g, x, rng, b)
		}
	case *ebnf.Name:
		generate(g, g[e.String].Expr, rng, b)
	case *ebnf.Token:
		b.WriteString(e.String)
	case *ebnf.Range:
		first, _ := utf8.DecodeRuneInString(e.Begin.String)
		last, _ := utf8.DecodeRuneInString(e.End.String)
		if rng.IntN(4) > 0 && first == '1' {
			last = '1'
		}
		b.WriteRune(first + rune(rng.IntN(int(last-first)+1)))
	case *ebnf.Group:
		generate(g, e.Body, rng, b)
	case *ebnf.Option, *ebnf.Repetition:
		body := e
		if o, ok := e.(*ebnf.Option); ok {
			body = o.Body
		} else {
			body = e.(*ebnf.Repetition).Body
		}
		for rng.IntN(4) == 0 {
			generate(g, body, rng, b)
		}
	}
}

// TestParsersKnowTheGrammar feeds the parsers with random texts of the grammar:
// they refuse some, for what the grammar cannot say, and take the others as they
// are. Texts with one change are taken only if the grammar has them, too. The
// sums of a random result hardly ever come out right, so every second one is
// that of a draw.
func TestParsersKnowTheGrammar(t *testing.T) {
	grammar := specGrammar(t)
	parsers := map[string]func(string) (string, error){
		"Frame": func(text string) (string, error) {
			f, err := registry.ParseFrame(strings.NewReader(text))
			if err != nil {
				return "", err
			}
			return frameText(t, f), nil
		},
		"Plan": func(text string) (string, error) {
			p, err := ParsePlan(strings.NewReader(text), suiteOf(text))
			if err != nil {
				return "", err
			}
			return planText(t, p), nil
		},
		"Result": func(text string) (string, error) {
			r, err := ParseResult(strings.NewReader(text))
			if err != nil {
				return "", err
			}
			return resultText(t, r), nil
		},
	}
	rng := rand.New(rand.NewPCG(19, 20))
	for _, name := range []string{"Frame", "Plan", "Result"} {
		accepted, changed := 0, 0
		const texts = 1500
		for range texts {
			var b strings.Builder
			generate(grammar, grammar[name].Expr, rng, &b)
			text := b.String()
			if name == "Result" && rng.IntN(2) == 0 {
				frame, plan, seed := smallDraw(t, rng)
				text = resultText(t, runOf(t, plan, frame, seed))
			}
			require.True(t, matches(grammar, name, text), "%s %q", name, text)
			if again, err := parsers[name](text); err == nil {
				require.Equal(t, text, again)
				accepted++
			} else {
				require.NotContains(t, err.Error(), "\n")
			}
			// One byte inserted, removed or replaced, the cheapest way out of the grammar.
			at, n := rng.IntN(len(text)), rng.IntN(2)
			odd := text[:at] + []string{"", " ", "\n", "\r", "0", "+", "/", "A", "\x7f", "\u00a0", "\u2028", "\u3000", "\xff", "\ufeff"}[rng.IntN(14)] + text[at+n:]
			if again, err := parsers[name](odd); err == nil {
				require.Equal(t, odd, again)
				require.True(t, matches(grammar, name, odd), "%s %q", name, odd)
				changed++
			}
		}
		t.Logf("%s: of %d texts %d are accepted, of as many with a change %d", name, texts, accepted, changed)
		require.Greater(t, accepted, 20, name)
	}
}

// suiteOf returns SHA-256 by the name that a plan's text has.
func suiteOf(text string) Suite {
	s := SHA256()
	if found := regexp.MustCompile(`\nsuite (.*)\n`).FindStringSubmatch(text); found != nil && label.Check(found[1]) == "" {
		s.name = found[1]
	}
	return s
}

// TestTextsMatchTheGrammar matches what is written with the grammar.
func TestTextsMatchTheGrammar(t *testing.T) {
	grammar := specGrammar(t)
	rng := rand.New(rand.NewPCG(21, 22))
	for range 300 {
		frame, plan, seed := smallDraw(t, rng)
		require.True(t, matches(grammar, "Frame", frameText(t, frame)))
		require.True(t, matches(grammar, "Plan", planText(t, plan)))
		result := resultText(t, runOf(t, plan, frame, seed))
		require.True(t, matches(grammar, "Result", result), result)
	}
	require.False(t, matches(grammar, "Plan", smallResult))
	require.False(t, matches(grammar, "Result", smallResult+"\n"))
}

// TestLabelsAreAsSpecified compares the grammar's characters with the rule of
// labels: every code point of the planes that have spaces or controls, and some
// of the others.
func TestLabelsAreAsSpecified(t *testing.T) {
	grammar := specGrammar(t)
	n := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) || r > 0x1ffff && r < 0x10ff00 && r%101 > 0 {
			continue
		}
		ok := label.Check(string(r)) == ""
		require.Equal(t, ok, matches(grammar, "char", string(r)), "%U", r)
		if ok {
			n++
		}
	}
	t.Logf("%d characters", n)
}

// TestConstantsAreAsSpecified compares the numbers and names of SPEC.md with the code.
func TestConstantsAreAsSpecified(t *testing.T) {
	text := spec(t)
	section, _, found := strings.Cut(text[strings.Index(text, "## 3. Keys"):], "\n## 4.")
	require.True(t, found)
	var purposes []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\| ([^|]*) \\|").FindAllStringSubmatch(section, -1) {
		purposes = append(purposes, row[1]+": "+row[2])
	}
	const of = ": label of the stratum"
	require.Equal(t, []string{
		purposeSelect + of, purposeCell + of, purposeWheel + of, purposeQuota + ": none", purposeQuotaCell + ": none", "frame-salt: none",
	}, purposes)
	require.Contains(t, section, "`doublerandom/v1`")
	require.EqualValues(t, uint64(1)<<63-1, uint64(registry.MaxWeight))
	require.EqualValues(t, uint64(1)<<63-1, MaxQuotaTerm)
	for _, said := range []string{
		"Whole numbers are at most 2^63−1", fmt.Sprintf("has 1 to %d bytes", label.Max), fmt.Sprintf("`reserves` is at most %d", MaxReserves),
		fmt.Sprintf("its text has at most %d bytes", maxFractionText), "first 16 bytes of H(key ‖ name)", "Start(key, M) for M from 1 to 2^63−1",
	} {
		require.Contains(t, text, said)
	}
	require.Len(t, Ticket{}, 16)
	require.Contains(t, text, `"`+planHeader+`\n"`)
	require.Contains(t, text, `"`+resultHeader+`\n"`)
}
