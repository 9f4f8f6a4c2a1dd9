// Vectors writes the test vectors of the draw: JSON files that show every
// intermediate value, for whoever writes it in another language.
//
//	go run ./draw/internal/vectors -out draw/testdata/vectors
//
// It derives everything by itself, with big numbers and the words of SPEC.md, and
// imports nothing of this module but a slow SM3. What the draw's own code makes of the vectors
// is tested there.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path"
)

func main() {
	if len(os.Args) != 3 || os.Args[1] != "-out" {
		fmt.Fprintln(os.Stderr, "usage: vectors -out FOLDER")
		os.Exit(2)
	}
	for name, data := range files() {
		if err := os.WriteFile(path.Join(os.Args[2], name), data, 0o644); err != nil {
			fmt.Fprintln(os.Stderr, "vectors:", err)
			os.Exit(1)
		}
	}
}

// files returns the files by name.
func files() map[string][]byte {
	all := map[string][]byte{
		"keys.json":    encode(keyVectors()),
		"wheel.json":   encode(wheelVectors()),
		"trees.json":   encode(treeVectors()),
		"invalid.json": encode(invalidVectors()),
	}
	for _, v := range drawVectors() {
		all["draw-"+v.Name+".json"] = encode(v)
	}
	return all
}

func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		panic("vectors: " + err.Error()) // all are plain structs
	}
	return b.Bytes()
}
