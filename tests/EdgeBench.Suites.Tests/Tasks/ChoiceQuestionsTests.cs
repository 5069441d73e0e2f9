using EdgeBench.Core.Problems;
using EdgeBench.Suites.Tasks.MultipleChoice;
using EdgeBench.Testing;

namespace EdgeBench.Suites.Tests.Tasks;

/// <summary>Layouts as their data sets publish them.</summary>
public sealed class ChoiceQuestionsTests : IDisposable
{
    // ARC in the layout of AI2's own files, and in that of Hugging Face's ai2_arc.
    private const string Arc = """{"id":"Mercury_417466","question":{"stem":"Which statement best explains why?","choices":[{"text":"Sunlight","label":"A"},{"text":"Land","label":"B"},{"text":"Carbon","label":"C"},{"text":"Plants","label":"D"}]},"answerKey":"A"}""";
    private const string ArcHugging = """{"id":"x","question":"Which?","choices":{"text":["bricks","mask","gloves"],"label":["1","2","3"]},"answerKey":"2"}""";
    private const string HellaSwag = """{"ctx":"A man sits.","endings":["stands","flies","sings","eats"],"label":"3"}""";
    private const string Harness = """{"query":"2 + 2 =","choices":["3","4"],"gold":1}""";
    private const string Piqa = """{"goal":"dresser","sol1":"replace drawer with bobby pin ","sol2":"finish, woodgrain with  bobby pin ","label":1}""";
    private const string Lettered = """{"question":"Which?","choices":["x","y","z"],"answer":"C"}""";
    private const string Spelt = """{"question":"Which?","choices":["red","green"],"answer":"green"}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Arc, "Question: Which statement best explains why?\nAnswer:", "Sunlight|Land|Carbon|Plants", 0)]
    [InlineData(ArcHugging, "Question: Which?\nAnswer:", "bricks|mask|gloves", 1)]
    [InlineData(HellaSwag, "Question: A man sits.\nAnswer:", "stands|flies|sings|eats", 3)]
    [InlineData(Harness, "Question: 2 + 2 =\nAnswer:", "3|4", 1)]
    [InlineData(Piqa, "Question: dresser\nAnswer:", "replace drawer with bobby pin |finish, woodgrain with  bobby pin ", 1)]
    [InlineData(Lettered, "Question: Which?\nAnswer:", "x|y|z", 2)]
    [InlineData(Spelt, "Question: Which?\nAnswer:", "red|green", 1)]
    public void Published_layouts_are_read(string line, string text, string choices, int right)
    {
        ChoiceQuestion question = Assert.Single(Read(line).All);
        Assert.Equal((text, choices, right), (question.Text, string.Join('|', question.Choices), question.Right));
    }

    [Fact]
    public void The_instruction_form_gives_back_the_question_and_choices_it_was_made_of()
    {
        ChoiceQuestions read = ChoiceQuestions.Read(new() { Data = "d" }, RepositoryFiles.Shared("data/arc-easy/arc-easy-1200.json"), null);
        Assert.Equal(1200, read.All.Count);
        ChoiceQuestion first = read.All[0];
        Assert.Equal("Question: Which statement best explains why photosynthesis is the foundation of most food webs?\nAnswer:", first.Text);
        Assert.Equal(["Sunlight is the source of energy for nearly all ecosystems.", "Most ecosystems are found on land instead of in water.",
            "Carbon dioxide is more available than other gases.", "The producers in all ecosystems are plants."], first.Choices);
        Assert.Equal(0, first.Right);
        Assert.All(read.All, question => Assert.InRange(question.Choices.Count, 3, 5));
    }

    [Fact]
    public void Answers_may_stand_in_a_file_of_their_own()
    {
        ChoiceQuestions read = ChoiceQuestions.Read(new() { Data = "d" }, RepositoryFiles.Shared("data/piqa-300.jsonl"), RepositoryFiles.Shared("data/piqa-300-labels.lst"));
        Assert.Equal([0, 1, 1], read.All.Take(3).Select(question => question.Right));
        File.WriteAllText(_folder.File("few.lst"), "0\n1\n");
        Assert.Contains("2 answers for 300 items",
            Assert.Throws<EdgeBenchException>(() => ChoiceQuestions.Read(new() { Data = "d" }, RepositoryFiles.Shared("data/piqa-300.jsonl"), _folder.File("few.lst"))).Message);
        Assert.Contains(":1: an item without an answer", Assert.Throws<EdgeBenchException>(() => ChoiceQuestions.Read(new() { Data = "d" }, RepositoryFiles.Shared("data/piqa-300.jsonl"), null)).Message);
    }

    [Theory]
    [InlineData("""{"question":"q","choices":{"text":["a","b"],"label":["A","B"]},"answerKey":"E"}""", ":2: answer 'E', which is none of the item's 2 choices; expected one of A, B")]
    [InlineData("""{"question":"q","choices":["a","b"],"gold":2}""", ":2: answer '2', which is none of the item's 2 choices; expected an index from 0 to 1")]
    [InlineData("""{"question":"q","choices":["a","b"],"gold":-1}""", "answer '-1'")]
    [InlineData("""{"question":"q","choices":["a"," "],"gold":0}""", ":2: choice 2 is empty; expected a choice of one letter at least")]
    [InlineData("""{"question":"q","choices":["a"],"gold":0}""", ":2: an item with 1 choice; expected two choices")]
    [InlineData("""{"question":"q","choices":[],"gold":0}""", ":2: choices that are no list of texts")]
    [InlineData("""{"question":"q","choices":["a",["b"]],"gold":0}""", ":2: choices that are no list of texts")]
    [InlineData("""{"choices":["a","b"],"gold":0}""", ":2: no question in fields 'choices', 'gold'")]
    [InlineData("""{"text":"a","label":"b"}""", ":2: an item with fields 'text', 'label'; expected 'goal', 'sol1', 'sol2' and 'label'; or 'instruction'")]
    [InlineData("""{"instruction":"Choose: q\n\nAnswer1: a\n\nAnswer format: answer1/answer2","answer":"answer1"}""", "no 'answer2:' before 'Answer format:'")]
    [InlineData("""{"goal":"g","sol1":"s"}""", ":2: fields 'goal', 'sol1'; expected 'goal', 'sol1', 'sol2'")]
    public void What_cannot_be_scored_is_told_with_file_and_line(string line, string message) =>
        Assert.Contains(message, Assert.Throws<EdgeBenchException>(() => Read(Harness + "\n" + line)).Message);

    private ChoiceQuestions Read(string text)
    {
        File.WriteAllText(_folder.File("items.jsonl"), text);
        return ChoiceQuestions.Read(new() { Data = "items.jsonl" }, _folder.File("items.jsonl"), null);
    }
}
