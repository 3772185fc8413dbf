import { expect, it } from "vitest";
import { codeDigits } from "./code-digits";

it.each([
  ["123456", "123456"],
  ["123 456", "123456"],
  [" 123-456\n", "123456"],
  ["123\u2013456", "123456"],
  ["Your code is 123 456.", "123456"],
  ["On 22 Nov: 123456", "123456"],
  ["１２３４５６", "123456"],
  ["12a3", "123"],
  ["1234567", "123456"],
  ["", ""],
])("reads %j as %s", (text, digits) => expect(codeDigits(text)).toBe(digits));
