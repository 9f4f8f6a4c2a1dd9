// Protocol writes the test vectors of the public protocol: JSON files with whole
// bundles, right and wrong, the policy under which to verify each, and the
// verdict, for whoever writes a verifier in another language.
//
//	go run ./draw/internal/protocol -out draw/testdata/protocol
//
// Texts, signatures, commitments, seeds and trees are made by code of this
// program's own, from the words of SPEC.md; only the result of a draw comes from
// package draw, which has vectors of its own. All of it is then compared with the
// library's derivations, and with what the library's verifier says. Keys and
// secrets are hashes of labels, so that the files are always the same.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 3 || os.Args[1] != "-out" {
		fmt.Fprintln(os.Stderr, "usage: protocol -out FOLDER")
		os.Exit(2)
	}
	for name, data := range files() {
		if err := os.WriteFile(filepath.Join(os.Args[2], name), data, 0o644); err != nil {
			fmt.Fprintln(os.Stderr, "protocol:", err)
			os.Exit(1)
		}
	}
}

// files returns the files by name.
func files() map[string][]byte {
	all := map[string][]byte{"invalid.json": encode(invalidVectors())}
	for _, v := range validVectors() {
		all["valid-"+v.Name+".json"] = encode(v)
	}
	return all
}

func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	must(e.Encode(v))
	return b.Bytes()
}

// A vector is a bundle, or the bundles of a series in folders, and what a
// verifier says of it.
type vector struct {
	Name        string            `json:"name"`
	About       string            `json:"about"`
	Policy      string            `json:"policy"`
	FrameSecret string            `json:"frame_secret,omitempty"` // if the verifier has it
	Verdict     string            `json:"verdict"`
	Files       map[string]string `json:"files"`
	Draws       []values          `json:"draws"`
}

// values are what lies between the files of one draw.
type values struct {
	Folder        string               `json:"folder,omitempty"` // in a series
	IDs           []namedValue         `json:"ids"`              // hashes of the statements' texts, in the order in which they were made
	Frame         treeValues           `json:"frame"`
	Secret        *secretValues        `json:"secret,omitempty"`
	Contributions []contributionValues `json:"contributions,omitempty"`
	PublicInfo    string               `json:"public_info,omitempty"` // what P is the hash of
	Public        string               `json:"P,omitempty"`
	Seed          string               `json:"seed,omitempty"`
	Result        string               `json:"result,omitempty"` // hash of the result's text
	Sealed        *treeValues          `json:"sealed,omitempty"`
	Events        []eventValues        `json:"events,omitempty"`
}

type namedValue struct {
	File string `json:"file"`
	ID   string `json:"id"`
}

type treeValues struct {
	Secret string   `json:"secret,omitempty"` // of a salted frame
	Key    string   `json:"key,omitempty"`    // of the salts
	Leaves []string `json:"leaves"`
	Root   string   `json:"root"`
}

type secretValues struct {
	Secret     string `json:"secret"`
	Info       string `json:"info"` // what the commitment is the hash of
	Commitment string `json:"commitment"`
}

type contributionValues struct {
	Contributor string   `json:"contributor"`
	Value       string   `json:"value"`
	Nonce       string   `json:"nonce,omitempty"`
	Info        string   `json:"info,omitempty"` // what the commitment is the hash of
	Commitment  string   `json:"commitment,omitempty"`
	Links       []string `json:"links,omitempty"` // of a chain, from the value to the end
}

type eventValues struct {
	Sequence   int    `json:"sequence"`
	Nonce      string `json:"nonce"`
	Info       string `json:"info"` // what the commitment is the hash of
	Commitment string `json:"commitment"`
}
