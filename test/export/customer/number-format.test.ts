import { expect, test } from 'vitest';
import { faultInNumberFormat, type Shown } from '../../../src/export/customer/number-format.ts';

test.each<[Shown, string]>([
  ['count', '0'],
  ['count', '#,##0'],
  ['count', '#,##0.00'],
  ['count', '#,##0;-#,##0;"–"'],
  ['count', '[Red][<10]0;[Color 10]0'],
  ['count', '0 "cuộc gọi"'],
  ['count', '_-* #,##0_-'],
  ['count', '0.0E+00'],
  ['count', '[$₫-42A] #,##0'],
  ['count', 'General'],
  ['percent', '0.0%'],
  ['percent', '0.0"%"'],
  ['percent', '0%;-0%;"-"'],
  ['seconds', '[h]:mm:ss'],
  ['seconds', '[m]:ss'],
  ['seconds', '[h]" h "mm" min"'],
  ['seconds', '#,##0 "s"'],
  ['moment', 'dd/mm/yyyy hh:mm'],
  ['moment', '[$-42A]d mmmm yyyy'],
])('%s as %s is good', (shown, format) => {
  expect(faultInNumberFormat(format, shown)).toBeUndefined();
});

test.each<[Shown, string, RegExp]>([
  ['count', '0 calls', /Put "c" into quotes/],
  ['count', 'yyyy', /makes a date/],
  ['count', 'hh:mm:ss', /write \[h\]:mm:ss/],
  ['count', '[h]:mm', /Only columns of seconds/],
  ['count', '0%', /Only columns of percent/],
  ['count', '0;;', /hides the number/],
  ['count', '"many"', /hides the number/],
  ['count', '0;-0;0;@', /three sections/],
  ['count', '0"00"', /Digits in quotes/],
  ['count', '0\\5', /Digits in quotes/],
  ['count', '05', /Digits would look like/],
  ['count', '0,', /divides by 1000/],
  ['count', '0,,"m"', /divides by 1000/],
  ['count', '# ?/?', /Fractions/],
  ['count', '[Purple]0', /no \[Purple\]/],
  ['count', '0"', /quote is not closed/],
  ['count', '[Red0', /bracket is not closed/],
  ['count', '0_', /Nothing follows "_"/],
  ['percent', '0%;-0', /Write all alike/],
  ['seconds', '[h]:mm;-0', /Write all alike/],
  ['seconds', 'mm:ss', /write \[h\]:mm:ss/],
  ['moment', 'hh:mm', /year, month and day/],
  ['moment', 'dd/mm/yyyy;', /one section/],
  ['moment', '[Red]dd/mm/yyyy', /no colors/],
  ['moment', 'ngày dd/mm/yyyy', /Put "n" into quotes/],
])('%s as %s is refused', (shown, format, message) => {
  expect(faultInNumberFormat(format, shown)).toMatch(message);
});
