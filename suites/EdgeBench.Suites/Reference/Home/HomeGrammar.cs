namespace EdgeBench.Suites.Reference.Home;

/// <summary>Smart-home commands to JSON: one or two clauses in a frame.</summary>
internal sealed class HomeGrammar : IReferenceGrammar
{
    public ReferenceTask Task => ReferenceTask.Home;

    public Draft Draw(Chance chance)
    {
        HomeMood mood = chance.Number(0, 99) switch { < 76 => HomeMood.Imperative, < 88 => HomeMood.Statement, _ => HomeMood.Question };
        HomeFrame frame = chance.Of([.. HomeFrame.All.Where(frame => frame.Mood == mood)]);
        HomeClause first = HomeClause.Draw(mood, frame.HasTwo, chance);
        HomeClause[] clauses = frame.HasTwo ? [first, HomeClause.Draw(mood, frame.HasTwo, chance)] : [first];
        string text = chance.Write(frame.Pattern, ("c", first.Text), ("n", clauses[^1].Text), ("aside", chance.Of(HomeFrame.Asides)));
        HomeCommand[] commands = [.. frame.Answer.SelectMany(letter => letter == 'c' ? first.Commands : clauses[1].Commands)];
        return new Draft(
            [.. clauses.Select(clause => $"home:{frame.Name}|{clause.Phrase.Name}"), .. clauses.SelectMany(clause => clause.Templates)],
            [.. clauses.SelectMany(clause => clause.Commands).Select(command => command.Combination).Distinct()],
            $"home: {text}\n", HomeCommand.Json(commands));
    }
}
