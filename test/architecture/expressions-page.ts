// docs/expressions.md, written from the catalogue of functions.
import { functionCatalogue } from '../../src/rules/expressions/catalogue.ts';
import { signatureOf } from '../../src/rules/expressions/check-call.ts';
import { compareOperators, keywords } from '../../src/rules/expressions/ast.ts';
import { MAX_STEPS } from '../../src/rules/expressions/call.ts';
import type {
  FunctionDefinition,
  FunctionExample,
  FunctionParameter,
} from '../../src/rules/expressions/function-definition.ts';
import { MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_LENGTH } from '../../src/rules/expressions/parse.ts';

const count = (value: number): string => value.toLocaleString('en-US');

const language = `# Expressions

Written from the catalogue in \`src/rules/expressions/functions\`. The language is that of mappings in Microsoft Entra.

## Grammar

\`\`\`
expression  := call | attribute | constant
call        := name "(" [ argument { "," argument } ] ")"
argument    := [ operand [ operator operand ] ]        ; an empty argument is omitted
operand     := call | attribute | text | number | word
operator    := ${compareOperators.map((operator) => `"${operator}"`).join(' | ')}
attribute   := "[" name "]"
text        := '"' characters '"'                      ; \\" and \\\\ stand for a quote and a backslash
number      := [ "-" ] digits | "&H" hexadecimal digits
word        := ${keywords.join(' | ')}
\`\`\`

- White space is free between all parts, also before a parenthesis and across lines.
- Names of functions and attributes, and words, are case-sensitive.
- A backslash before anything but a quote or a backslash is an ordinary character: \`"\\d"\` and \`"\\\\d"\` are the same text.
- An omitted argument (\`Switch([a], , "1", "x")\`) is not the same as an empty text.
- A comparison stands only as an argument. There is no AND, OR, arithmetic or concatenation: nest IIF, use Join.
- A regular expression that is written as a constant is checked when the expression is read.
- At most ${count(MAX_EXPRESSION_LENGTH)} characters and ${count(MAX_EXPRESSION_DEPTH)} functions inside each other.

## Values

Null, text, integer of 64 bits, boolean, time (always UTC), several values, app roles. An attribute that the object does not have
is null; so is one without values.

| As | From | Rule |
| --- | --- | --- |
| text | boolean | \`True\` or \`False\` |
| text | integer | decimal digits |
| text | time | \`3/16/2020 7:00:00 AM\` |
| integer | text | digits with an optional sign, blanks around them allowed; anything else is an error |
| boolean | text, integer | \`True\` or \`False\` in any case, or a number that is not 0; null is false |
| time | text | what CDate reads |
| one value | several values | the only one; an error when there are more |

**Several values.** Functions of one text work on each value and give several values. Join makes one text of them; Count, Item,
RemoveDuplicates and Split work with lists.

**Comparison.** Two times by time; a number with a text that is one, by number; with \`< <= > >=\` also two texts that are numbers;
everything else as text, with regard to case. Null equals only null, and is neither smaller nor greater than anything.

**Null.** A mapping whose expression is null writes nothing. What a function makes of null stands with it.

**Order.** IIF, Switch, Coalesce and SelectUniqueValue evaluate only what they choose.

## Regular expressions

Those of .NET, on an engine that takes linear time. Groups are numbered as in .NET: first those without a name. \`(?i)\`, \`(?m)\`,
\`(?s)\`, \`(?n)\` and \`(?x)\` work, and so do \`\\A\`, \`\\z\`, \`\\Z\`, \`(?'name'…)\`, blocks such as \`\\p{IsGreek}\`, and several groups of one name.
Refused with their reason: look-around, back-references, atomic and conditional groups, balancing groups, \`\\G\`, the subtraction
of character classes, and repetitions that make a pattern too large. \`\\b\` knows the letters, digits and underscore of ASCII.

## Errors

| When | What happens |
| --- | --- |
| the expression is read | refused with the place, what was expected and what to do |
| an object is evaluated | the object fails with \`AttributeEvaluationFailed\` and goes to escrow; all others go on |
| \`Error("…")\` is reached | the same, with that message |
| every value of SelectUniqueValue is taken | the object is not created, and tried again later |
| \`IgnoreAttributeFlow\`, \`IgnoreFlowIfNullOrEmpty\` | the target attribute is left as it is |
| \`IgnoreObjectFlow\` | the object is left alone in this cycle |
| an evaluation needs more than ${count(MAX_STEPS)} steps (about one per character read or written) | the object fails as above |

## Functions
`;

const marks: Readonly<Record<NonNullable<FunctionDefinition['dialect']>, string>> = {
  'cloud-sync': 'From the language of cloud sync.',
  graph: "Only in Graph's list of functions.",
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const parameterRow = ({ name, key, type, required, repeats, words }: FunctionParameter): string =>
  `| ${name} | ${words?.join(', ') ?? type} | ${required ? 'yes' : 'no'}${repeats ? ', repeats' : ''} | \`${key}\` |`;

function exampleRow({ expression, attributes = {}, result }: FunctionExample): string {
  const given = Object.entries(attributes).map(
    ([name, value]) => `${name} = ${typeof value === 'object' ? value.join('; ') : `\`${String(value)}\``}`,
  );
  const shown = result.length === 0 ? 'null' : result.map((text) => `\`"${text}"\``).join(', ');
  return `| \`\` ${cell(expression)} \`\` | ${cell(given.join(', '))} | ${cell(shown)} |`;
}

function section(definition: FunctionDefinition): string {
  const { name, summary, notes, dialect, parameters, shortForm, result, examples } = definition;
  const signature = (of: readonly FunctionParameter[]): string =>
    of.length === 0 ? `${name}()` : `${name}${signatureOf(of)}`;
  return [
    `### ${name}`,
    '',
    `\`${signature(parameters)}\` → ${result}${shortForm === undefined ? '' : `, in its older form \`${signature(shortForm)}\``}`,
    '',
    [summary, dialect === undefined ? '' : marks[dialect]].join(' ').trim(),
    '',
    ...notes.map((note) => `- ${note}`),
    ...(parameters.length === 0
      ? []
      : [
          '',
          '| Parameter | Type | Required | Stored as |',
          '| --- | --- | --- | --- |',
          ...parameters.map(parameterRow),
        ]),
    '',
    '| Example | Attributes | Result |',
    '| --- | --- | --- |',
    ...examples.map(exampleRow),
    '',
  ].join('\n');
}

export const expressionsPage = (): string => [language, ...functionCatalogue.map(section)].join('\n');
