// Every function of the language, as data. What is not here does not exist and is refused when an expression is parsed.
import type { FunctionDefinition } from './function-definition.ts';
import { appRoleAssignments } from './functions/app-role-assignments.ts';
import { appRoleAssignmentsComplex } from './functions/app-role-assignments-complex.ts';
import { append } from './functions/append.ts';
import { assertiveAppRoleAssignmentsComplex } from './functions/assertive-app-role-assignments-complex.ts';
import { bitAnd } from './functions/bit-and.ts';
import { cbool } from './functions/cbool.ts';
import { cdate } from './functions/cdate.ts';
import { coalesce } from './functions/coalesce.ts';
import { convertFromBase64 } from './functions/convert-from-base64.ts';
import { convertToBase64 } from './functions/convert-to-base64.ts';
import { convertToUtf8Hex } from './functions/convert-to-utf8-hex.ts';
import { count } from './functions/count.ts';
import { cstr } from './functions/cstr.ts';
import { dateAdd } from './functions/date-add.ts';
import { dateDiff } from './functions/date-diff.ts';
import { dateFromNum } from './functions/date-from-num.ts';
import { defaultDomain } from './functions/default-domain.ts';
import { dnComponent } from './functions/dn-component.ts';
import { error } from './functions/error.ts';
import { formatDateTime } from './functions/format-date-time.ts';
import { guid } from './functions/guid.ts';
import { ignoreFlowIfNullOrEmpty } from './functions/ignore-flow-if-null-or-empty.ts';
import { iif } from './functions/iif.ts';
import { inStr } from './functions/in-str.ts';
import { isNothingFunction } from './functions/is-nothing.ts';
import { isNull } from './functions/is-null.ts';
import { isNullOrEmpty } from './functions/is-null-or-empty.ts';
import { isPresent } from './functions/is-present.ts';
import { isString } from './functions/is-string.ts';
import { item } from './functions/item.ts';
import { join } from './functions/join.ts';
import { left } from './functions/left.ts';
import { mid } from './functions/mid.ts';
import { normalizeDiacritics } from './functions/normalize-diacritics.ts';
import { not } from './functions/not.ts';
import { now } from './functions/now.ts';
import { numFromDate } from './functions/num-from-date.ts';
import { pcase } from './functions/pcase.ts';
import { prepend } from './functions/prepend.ts';
import { randomString } from './functions/random-string.ts';
import { redact } from './functions/redact.ts';
import { removeDuplicates } from './functions/remove-duplicates.ts';
import { replace } from './functions/replace.ts';
import { selectUniqueValue } from './functions/select-unique-value.ts';
import { singleAppRoleAssignment } from './functions/single-app-role-assignment.ts';
import { split } from './functions/split.ts';
import { stringFromSid } from './functions/string-from-sid.ts';
import { stripSpaces } from './functions/strip-spaces.ts';
import { switchFunction } from './functions/switch.ts';
import { toLower } from './functions/to-lower.ts';
import { toUpper } from './functions/to-upper.ts';
import { trim } from './functions/trim.ts';
import { word } from './functions/word.ts';

/** In the order of the alphabet. */
export const functionCatalogue: readonly FunctionDefinition[] = [
  append,
  appRoleAssignments,
  appRoleAssignmentsComplex,
  assertiveAppRoleAssignmentsComplex,
  bitAnd,
  cbool,
  cdate,
  coalesce,
  convertFromBase64,
  convertToBase64,
  convertToUtf8Hex,
  count,
  cstr,
  dateAdd,
  dateDiff,
  dateFromNum,
  defaultDomain,
  dnComponent,
  error,
  formatDateTime,
  guid,
  ignoreFlowIfNullOrEmpty,
  iif,
  inStr,
  isNothingFunction,
  isNull,
  isNullOrEmpty,
  isPresent,
  isString,
  item,
  join,
  left,
  mid,
  normalizeDiacritics,
  not,
  now,
  numFromDate,
  pcase,
  prepend,
  randomString,
  redact,
  removeDuplicates,
  replace,
  selectUniqueValue,
  singleAppRoleAssignment,
  split,
  stringFromSid,
  stripSpaces,
  switchFunction,
  toLower,
  toUpper,
  trim,
  word,
];

const byName: ReadonlyMap<string, FunctionDefinition> = new Map(functionCatalogue.map((f) => [f.name, f]));

/** Function names are case-sensitive. */
export const findFunction = (name: string): FunctionDefinition | undefined => byName.get(name);
