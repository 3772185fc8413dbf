// Runs a measurement in turns: the candidate and its peer, or a baseline and the candidate.
//
// A measurement is an object of
//   id, what            its line in docs/performance.md, and words for its heading
//   alone, beside       { turns, seconds }: how many turns, and how long a load lasts in each, when
//                       the candidate is measured by itself, and beside a baseline
//   start(binary)       gives a subject: { turn(seconds), stop() }; turn gives numbers by name
//   peer(subject)       optional: a subject that takes its turns after the candidate's; its numbers
//                       are found under `peer` in those of the candidate's turn
//   warmUp              optional; false when start() has warmed up already
//   figures             { name: { what, better } } of the numbers that a baseline is compared in;
//                       better is "more" or "less"
//   print(turns, subject)  reports the candidate's turns beside their goals
import { brief, median } from "./figures.mjs";

const tolerated = 0.05; // by which a figure may be worse than the baseline's
const agreed = 0.8; // the part of the turns that must be worse for a figure to be
const longest = 80_000; // ms after which no more turns begin, once there are two

const turnsOf = ({ turns }) => Math.max(1, Number(process.env.TURNS ?? turns));

async function takeTurns(count, turn) {
  const end = Date.now() + longest;
  for (let i = 0; i < count && (i < 2 || Date.now() < end); i++) await turn();
}

export async function runAlone(measurement) {
  const { alone, start, peer, print, warmUp = true } = measurement;
  const subject = await start();
  let other;
  try {
    other = await peer?.(subject);
    if (warmUp) {
      await subject.turn(1);
      await other?.turn(1);
    }
    const turns = [];
    await takeTurns(turnsOf(alone), async () => {
      const mine = await subject.turn(alone.seconds);
      turns.push({ ...mine, peer: await other?.turn(alone.seconds) });
    });
    print(turns, subject);
  } finally {
    await other?.stop();
    await subject.stop();
  }
}

// Of each turn the candidate's number over the baseline's. A median that is worse is called so where
// nearly all turns are of its opinion; else it is unclear, as the machine's own unrest may have made
// it, and stands against the candidate all the same.
function compare({ what, better }, olds, news) {
  const ratios = news.map((value, i) => value / olds[i]);
  const middle = median(ratios);
  const isWorse = (ratio) => (better === "more" ? 1 / ratio : ratio) > 1;
  const beyond = better === "more" ? middle < 1 - tolerated : middle > 1 + tolerated;
  const worse = beyond && ratios.filter(isWorse).length > agreed * ratios.length;
  const verdict = worse ? "WORSE" : beyond ? "unclear" : "";
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map(brief);
  const columns = [brief(median(olds)), brief(median(news)), brief(middle)].map((text) =>
    text.padStart(9),
  );
  const spread = `(${least} to ${most})`.padEnd(18);
  console.log(`      ${what.padEnd(56)}${columns.join("")}  ${spread}${verdict}`);
  return !beyond;
}

// Whether no figure is worse.
export async function runBeside(baseline, candidate, measurement) {
  const { id, what, beside, start, figures, warmUp = true } = measurement;
  const subjects = [];
  const turns = [[], []];
  try {
    for (const binary of [baseline, candidate]) {
      const subject = await start(binary);
      subjects.push(subject);
      if (warmUp) await subject.turn(1);
    }
    let order = [0, 1]; // first one goes first, then the other
    await takeTurns(turnsOf(beside), async () => {
      for (const i of order) turns[i].push(await subjects[i].turn(beside.seconds));
      order = order.toReversed();
    });
  } finally {
    for (const subject of subjects) await subject.stop();
  }
  console.log(`${id.padEnd(5)} ${what}, ${turns[0].length} turns each`);
  let good = true;
  for (const [name, figure] of Object.entries(figures)) {
    const [olds, news] = turns.map((each) => each.map((numbers) => numbers[name]));
    good = compare(figure, olds, news) && good;
  }
  return good;
}

export function printHeading() {
  const columns = ["baseline", "candidate", "ratio"].map((text) => text.padStart(10)).join("");
  console.log(`${" ".repeat(58)}${columns}  (spread)`);
}
