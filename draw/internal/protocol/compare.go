package main

import (
	"fmt"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
)

// same stops the program where the two derivations differ.
func same(what, own, library string) {
	if own != library {
		panic(fmt.Sprintf("protocol: %s is %s by SPEC.md, %s by the library", what, own, library))
	}
}

// library returns the library's suite.
func (s suite) library() draw.Suite {
	h := s.hash()
	h.Write([]byte("abc"))
	same, err := draw.NewSuite(s.name, s.hash, draw.KnownAnswer{Message: "abc", Digest: text(h.Sum(nil))})
	must(err)
	return same
}

func id(digits string) statement.ID { return statement.ID(raw(digits)) }

func hexID(h statement.ID) string { return text(h[:]) }

// compare compares what was derived here with the library's derivations.
func (b *bundle) compare() {
	suite := b.suite.library()
	v := &b.values
	for _, x := range v.IDs {
		own, _, _ := strings.Cut(b.files[x.File], "\n\n")
		parsed, err := statement.Parse([]byte(own + "\n"))
		must(err)
		again, err := parsed.MarshalText()
		must(err)
		same(x.File, own+"\n", string(again))
		same("ID of "+x.File, x.ID, hexID(statement.IDOf(suite, again)))
	}
	frame, err := registry.ParseFrame(strings.NewReader(strings.Join(b.units, "\n") + "\n"))
	must(err)
	tree, err := frame.Tree(suite.Hash)
	must(err)
	if b.salted {
		tree, err = frame.SaltedTree(suite.Hash, [32]byte(b.frameSecret()))
		must(err)
	}
	same("root of the frame", v.Frame.Root, hexID(tree.Root()))
	if v.Secret != nil {
		same("commitment to the secret", v.Secret.Commitment, hexID(statement.SecretCommitment(suite, [32]byte(raw(v.Secret.Secret)))))
	}
	notice := id(b.id("notice.note"))
	var values []statement.Value
	for _, c := range v.Contributions {
		if c.Commitment != "" {
			same("commitment", c.Commitment, hexID(statement.CommitmentOf(suite, notice, c.Contributor, id(c.Value), id(c.Nonce))))
		} else {
			end := id(b.suite.chain(c.Contributor)[chainLength])
			must(statement.CheckChain(suite, statement.Chain{Contributor: c.Contributor, Length: chainLength, End: end}, uint64(b.number), id(c.Value)))
		}
		for _, p := range b.contributors {
			if p.name == c.Contributor && p.fault == "" {
				values = append(values, statement.Value{Contributor: c.Contributor, Value: id(c.Value)})
			}
		}
	}
	if v.Seed == "" {
		return
	}
	var secret *[32]byte
	if v.Secret != nil {
		s := [32]byte(raw(v.Secret.Secret))
		secret = &s
	}
	seed := statement.Seed(suite, notice, b.beacon.value, values, secret)
	same("seed", v.Seed, seed.String())
	if v.Sealed != nil {
		b.compareSealed(suite, frame, seed)
	}
	if b.events != nil {
		b.compareEvents(suite)
	}
}

func (b *bundle) compareSealed(suite draw.Suite, frame *registry.Frame, seed draw.Seed) {
	v := b.values.Sealed
	k, err := statement.SaltKey(suite, seed)
	must(err)
	same("key of the salts", v.Key, text(k[:]))
	result := b.files["result.txt"]
	if result == "" {
		rows := *b
		rows.rows = nil
		result = rows.result(b.files["plan.txt"], b.values.Seed)
	}
	same("hash of the result", b.values.Result, hexID(statement.IDOf(suite, []byte(result))))
	parsed, err := draw.ParseResult(strings.NewReader(result))
	must(err)
	tree, err := seal.New(suite, frame, parsed, nil)
	must(err)
	same("sealed root", v.Root, hexID(tree.Root()))
	for i, own := range v.Leaves {
		leaf, _, err := tree.Prove(b.ids[i])
		must(err)
		same("leaf", own, string(leaf.AppendTo(nil)))
	}
}

func (b *bundle) compareEvents(suite draw.Suite) {
	for _, e := range b.values.Events {
		text, _, _ := strings.Cut(b.files[fmt.Sprintf("events/%04d-shown.note", e.Sequence)], "\n\n")
		if text == "" {
			continue // still hidden
		}
		var shown statement.Event
		must(shown.UnmarshalText([]byte(text + "\n")))
		same("commitment to an event", e.Commitment, hexID(statement.EventCommitment(suite, uint64(e.Sequence), *shown.Detail)))
	}
}
