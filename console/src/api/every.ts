// A closed set of the API as a list that pages go through. The set itself is the API's: a member that is
// missing here, or that the API no longer has, is a type error. Knows no texts. Called by the features.

/** `every<Kind>()([...])`: the members in the order in which they are shown. */
export const every =
  <Member extends string>() =>
  <const List extends readonly Member[]>(
    list: List & ([Member] extends [List[number]] ? unknown : { missing: Exclude<Member, List[number]> }),
  ): List =>
    list;
