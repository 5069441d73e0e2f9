namespace EdgeBench.Suites.Reference.Robot;

/// <summary>
/// Instructions to action sequences, in the manner of SCAN (Lake and Baroni 2018, https://arxiv.org/abs/1711.00350) with a grammar of its own: order, counts, negation, objects.
/// </summary>
internal sealed class RobotGrammar : IReferenceGrammar
{
    /// <summary>Actions of the longest answer.</summary>
    private const int MostActions = 14;

    public ReferenceTask Task => ReferenceTask.Robot;

    public Draft Draw(Chance chance)
    {
        while (true)
        {
            RobotFrame frame = chance.Of(RobotFrame.All);
            RobotClause[] clauses = [.. Enumerable.Range(0, frame.Clauses).Select(_ => RobotClause.Draw(chance))];
            string answer = string.Join(' ', frame.Order.Select(letter => clauses[letter - 'a'].Actions));
            if (answer.Count(letter => letter == ' ') >= MostActions) continue;
            string text = chance.Write(frame.Pattern, ("a", clauses[0].Text), ("b", clauses.ElementAtOrDefault(1)?.Text ?? ""), ("c", clauses.ElementAtOrDefault(2)?.Text ?? ""));
            return new Draft(
                [.. clauses.Select((clause, place) => $"robot:{frame.Name}|{place}|{clause.Phrase}"), .. clauses.Select(clause => clause.Times).OfType<string>()],
                [.. clauses.Select(clause => clause.Combination).OfType<string>()], $"robot: {text}\n", answer);
        }
    }
}
