// Check reads a directory of entities from an Excel workbook, prints what was found,
// and writes the rows with problems to a marked workbook beside it.
//
//	go run ./check FILE.xlsx
//
// With -kind inspectors or -kind items it reads a directory of inspectors or an item list. Exit status
// 0 is no problem, 1 problems, 2 the file could not be read.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/doublerandom/doublerandom/registry/xlsx"
)

func main() {
	kind := flag.String("kind", "entities", "entities, inspectors or items")
	out := flag.String("out", "", "`file` for the rows with problems (default: FILE-errors.xlsx)")
	codes := flag.Bool("codes", true, "IDs of entities are unified social credit codes")
	edition := flag.Uint("edition", 2017, "edition of GB/T 4754 of industries that state none")
	flag.Parse()
	problems, err := check(*kind, *out, *codes, uint16(*edition), flag.Args())
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(2)
	case problems > 0:
		os.Exit(1)
	}
}

func check(kind, out string, codes bool, edition uint16, args []string) (problems int, err error) {
	if len(args) != 1 {
		return 0, fmt.Errorf("expected one file, such as check companies.xlsx")
	}
	file, err := os.Open(args[0])
	if err != nil {
		return 0, err
	}
	defer file.Close()
	book, err := xlsx.Open(file)
	if err != nil {
		return 0, err
	}
	defer book.Close()
	switch kind {
	case "entities":
		if out == "" {
			out = strings.TrimSuffix(args[0], ".xlsx") + "-errors.xlsx"
		}
		return entities(book, out, edition, registry.Checks{Codes: codes})
	case "inspectors":
		list, wrong, err := book.ReadInspectors(xlsx.InspectorHeaders(), nil)
		if err != nil {
			return 0, err
		}
		for _, p := range wrong {
			fmt.Printf("%s: %s\n", p.Place, p.Text)
		}
		fmt.Printf("%d inspectors, %d rows with problems\n", list.Len(), len(wrong))
		return len(wrong), nil
	case "items":
		items, report, err := book.ReadItems(xlsx.ItemHeaders(), "name")
		if err != nil {
			return 0, err
		}
		for _, r := range report.Refused {
			place, _ := report.Place(r.Row)
			fmt.Printf("%s: %s\n", place, r.Err)
		}
		fmt.Printf("%d items; %d ratios and %d frequencies read, %d for a person to read\n", items.Len(), report.Ratios, report.Frequencies, len(report.Refused))
		return len(report.Refused), nil
	}
	return 0, fmt.Errorf("-kind %q, expected entities, inspectors or items", kind)
}

func entities(book *xlsx.Workbook, out string, edition uint16, c registry.Checks) (int, error) {
	reg, report, err := book.ReadEntities(xlsx.EntityHeaders(), edition, c)
	if err != nil {
		return 0, err
	}
	fmt.Print(report)
	if len(report.Problems) == 0 {
		fmt.Printf("%d entities, no problem\n", reg.Len())
		return 0, nil
	}
	file, err := os.Create(out)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	if err := book.WriteErrors(file, report); err != nil {
		return 0, err
	}
	fmt.Printf("%d entities; the rows with problems are in %s\n", reg.Len(), out)
	return len(report.Problems), file.Close()
}
