// Package house holds the rules that the source code of this module keeps, as a
// test. Nothing can be imported from it.
//
// The core is every package but those under examples and those in modules of
// their own. The rules:
//
//  1. A package imports only what its list in imports_test.go names.
//  2. The core reads no clock, no time zone of the machine and no random source,
//     and prints nothing; there is no func init and no package-level variable
//     that could change.
//  3. No floating-point numbers where something is decided: registry, draw,
//     matching and internal, but for the files listed in floats_test.go.
//  4. xxhash is imported in registry only.
//  5. Everything exported has a doc comment, and each package has one package
//     comment.
//  6. No Go file is longer than 400 lines.
//  7. No file names a path or a host of the machine that it was written on.
//  8. go.mod requires the four modules that we chose, at the versions chosen.
package house
