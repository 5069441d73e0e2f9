using EdgeBench.Core.Problems;
using EdgeBench.Suites.Datasets;
using EdgeBench.Testing;

namespace EdgeBench.Suites.Tests.Datasets;

/// <summary>Files that others publish, and files that are wrong.</summary>
public sealed class DatasetTests : IDisposable
{
    private const string Snips = """
        {
          "GetWeather": [
            {
              "data": [ { "text": "Rain in " }, { "text": "Bonn", "entity": "city" }, { "text": "?" } ]
            }
          ]
        }
        """;

    private const string Clinc = """
        { "train": [["pay the bill", "pay_bill"], ["what is the time", "time"]],
          "oos_train": [["how old is the moon", "oos"]] }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Snips_files_together_have_seven_intents()
    {
        string[] intents = ["AddToPlaylist", "BookRestaurant", "GetWeather", "PlayMusic", "RateBook", "SearchCreativeWork", "SearchScreeningEvent"];
        Dataset data = Dataset.Read("snips", [.. intents.Select(intent => RepositoryFiles.Shared($"data/snips-valid-{intent}.json"))]);
        Assert.Equal(intents, data.Labels);
        // Coucke et al. 2018: 100 validation utterances an intent.
        Assert.All(data.Items.GroupBy(item => item.Answer), group => Assert.Equal(100, group.Count()));
        Dataset train = Dataset.Read("snips", [.. intents.Select(intent => RepositoryFiles.Shared($"data/snips-train-{intent}.json"))]);
        Assert.Equal("What will the weather be this year in Horseshoe Lake State Fish and Wildlife Area?", train.Items.First(item => item.Answer == "GetWeather").Text);
        // Written as two surrogates in the published file.
        Assert.Contains(train.Items, item => item.Answer == "PlayMusic" && item.Text.Contains("Pop Punk Perfection \U0001F355", StringComparison.Ordinal));
    }

    [Fact]
    public void CLINC150_has_150_intents_and_out_of_scope_ones_apart()
    {
        string path = RepositoryFiles.Shared("data/clinc150/data_small.json");
        Dataset data = Dataset.Read("clinc150", [path], "train");
        Assert.Equal((7_500, 150), (data.Items.Count, data.Labels!.Count));
        Assert.Equal(151, Dataset.Read("clinc150", [path], "test", "oos_test").Labels!.Count);
    }

    [Fact]
    public void SCAN_s_lines_are_commands_and_actions()
    {
        Dataset data = Dataset.Read("scan", [RepositoryFiles.Shared("data/scan/tasks_test_simple.txt")]);
        Assert.Null(data.Labels);
        Assert.Equal(4_182, data.Items.Count);
        Assert.Equal(("run right twice after walk right twice", "I_TURN_RIGHT I_WALK I_TURN_RIGHT I_WALK I_TURN_RIGHT I_RUN I_TURN_RIGHT I_RUN", 2), (data.Items[1].Text, data.Items[1].Answer, data.Items[1].Line));
    }

    [Fact]
    public void MTS_Dialog_has_the_sections_that_its_authors_list()
    {
        Dataset train = Dataset.Read("mts-dialog", [RepositoryFiles.Shared("data/mts-dialog/MTS-Dialog-TrainingSet.csv")]);
        // Ben Abacha et al. 2023: 1,201 pairs to train, 100 to validate, 20 section headers.
        Assert.Equal((1_201, 20), (train.Items.Count, train.Labels!.Count));
        Dataset valid = Dataset.Read("mts-dialog", [RepositoryFiles.Shared("data/mts-dialog/MTS-Dialog-ValidationSet.csv")]);
        Assert.Equal(100, valid.Items.Count);
        Assert.StartsWith("Doctor: When did your pain begin?", train.Items.Concat(valid.Items).First(item => item.Text.Contains("When did your pain begin", StringComparison.Ordinal)).Text);
    }

    [Fact]
    public void SST_2_s_lines_are_texts_with_a_label()
    {
        Dataset data = Dataset.Read("tsv", [RepositoryFiles.Shared("data/sst2-dev.tsv")]);
        Assert.Equal(["0", "1"], data.Labels);
        Assert.Equal("one long string of cliches", data.Items[0].Text);
        // GLUE's own count of the development set.
        Assert.Equal(872, data.Items.Count);
    }

    [Theory]
    [InlineData("tsv", "sentence\tlabel\ngood\t1\nbad\t0\n", "good=1@2 bad=0@3")]
    [InlineData("tsv", "id\tlabel\tsentence\r\n7\t1\tsay \"hi\"\r\n8\t0\tno\r\n", "say \"hi\"=1@2 no=0@3")]
    [InlineData("jsonl", "\uFEFF{\"prompt\":\"a\\n\",\"completion\":\"b\",\"id\":3}\n\n{\"completion\":\"d\",\"prompt\":\"c\"}", "a\n=b@1 c=d@3")]
    [InlineData("jsonl", "{\"text\":\"a\",\"label\":1}\n{\"text\":\"b\",\"label\":\"no\"}", "a=1@1 b=no@2")]
    [InlineData("scan", "IN: jump OUT: I_JUMP\n", "jump=I_JUMP@1")]
    [InlineData("mts-dialog", "ID,section_header,section_text,dialogue\r\n0,CC,x,\"D: \"\"Hi\"\",\r\nP: Ow\"\r\n\r\n1,EXAM ,,Well\r\n", "D: \"Hi\",\nP: Ow=CC@2 Well=EXAM@5")]
    public void Layouts_are_read_with_the_lines_of_items(string layout, string content, string expected) =>
        Assert.Equal(expected, string.Join(' ', Dataset.Read(layout, [Written(content)]).Items.Select(item => $"{item.Text}={item.Answer}@{item.Line}")));

    [Theory]
    [InlineData("tsv", "good\t1\nbad\n", ":2: 1 columns; expected text, tab, label")]
    [InlineData("tsv", "sentence\tlabel\na\t1\nb\t0\t0\n", ":3: 3 columns; expected text, tab, label")]
    [InlineData("tsv", "good\t1\n\t0\n", ":2: an item without text")]
    [InlineData("tsv", "good\t1\nfine\t1\n", "label '1' on all 2 items; expected items of two classes")]
    [InlineData("tsv", "", "a file without items")]
    [InlineData("tsv", "sentence\tlabel\n", "a file without items")]
    [InlineData("jsonl", "{\"prompt\":\"a\",\"completion\":\"b\"}\n{\"prompt\":\"a\"}\n", ":2: an object with 'prompt'; expected one JSON object a line")]
    [InlineData("jsonl", "{\"prompt\":\"a\",\"completion\":\"b\"}\n{\"text\":\"a\",\"label\":\"b\"}\n", ":2: an item of another kind")]
    [InlineData("jsonl", "{\"prompt\":\n", ":1: no JSON")]
    [InlineData("jsonl", "[1]\n", ":1: a JSON Array")]
    [InlineData("jsonl", "{\"text\":\"\\ud800\",\"label\":1}\n", ":1: a text with half a surrogate pair")]
    [InlineData("scan", "IN: jump OUT: I_JUMP\njump OUT: I_JUMP\n", ":2: 'jump OUT: I_JUMP'; expected 'IN: command OUT: ACTIONS'")]
    [InlineData("scan", "IN: jump OUT: \n", ":1: an item without label or completion")]
    [InlineData("mts-dialog", "ID,header,text\n", ":1: columns 'ID', 'header', 'text'; expected CSV with the columns 'section_header' and 'dialogue'")]
    [InlineData("mts-dialog", "section_header,dialogue\nCC,\"D: Hi\nP: Ow\n", ":2: a quote that is not closed")]
    [InlineData("mts-dialog", "section_header,dialogue\nCC,a\nEXAM,b,c\n", ":3: 3 columns; expected 2 columns, as the header has")]
    [InlineData("mts-dialog", "section_header,dialogue\nCC,a \"b\" c\n", ":2: a quote")]
    public void What_does_not_fit_is_refused_with_its_line(string layout, string content, string said) => Assert.Contains(said, Refusal(layout, content));

    [Theory]
    [InlineData("snips", Snips, "label 'GetWeather' on all 1 items")]
    [InlineData("snips", "{ \"A\": [ { \"data\": [ { \"text\": \"x\" } ] },\n 7 ] }", ":2: a JSON Number there; expected { \"Intent\"")]
    [InlineData("snips", "{ \"A\": [ { \"data\": [ { \"text\": 7 } ] } ] }", ":1: a JSON Number there")]
    [InlineData("snips", "{ \"A\": [\n { \"data\": [] } ] }", ":2: an item without text")]
    [InlineData("snips", "{ \"A\": [\n { \"data\"", ":2: broken JSON")]
    [InlineData("snips", "{}", "a file without items")]
    [InlineData("clinc150", Clinc, "no part is named; expected one or more of train, oos_train")]
    [InlineData("clinc150", Clinc, "part 'trian'; expected one or more of train, oos_train. Did you mean 'train'?", "trian")]
    [InlineData("clinc150", Clinc, "label 'oos' on all 1 items", "oos_train")]
    [InlineData("clinc150", "{ \"train\": [ [\"a\", \"b\"],\n [\"a\"] ] }", ":2: a JSON EndArray there", "train")]
    public void JSON_of_another_shape_is_refused_with_its_line(string layout, string content, string said, params string[] parts) => Assert.Contains(said, Refusal(layout, content, parts));

    [Fact]
    public void Unknown_layouts_missing_files_and_bytes_that_are_no_UTF_8_are_refused()
    {
        Assert.Contains("Did you mean 'clinc150'?", Refusal("clinc15", "x"));
        Assert.Contains("nowhere.tsv", Assert.Throws<EdgeBenchException>(() => Dataset.Read("tsv", [_folder.File("nowhere.tsv")])).Message);
        File.WriteAllBytes(_folder.File("latin.tsv"), [.. "good\t1\nna"u8, 0xEF, .. "ve\t0\n"u8]);
        File.WriteAllBytes(_folder.File("half.tsv"), [.. "good\t1\nna"u8, 0xED, 0xA0, 0xBC, .. "ve\t0\n"u8]);
        Assert.Contains("half.tsv:2: byte 0xED", Assert.Throws<EdgeBenchException>(() => Dataset.Read("tsv", [_folder.File("half.tsv")])).Message);
        Assert.Contains("latin.tsv:2: byte 0xEF", Assert.Throws<EdgeBenchException>(() => Dataset.Read("tsv", [_folder.File("latin.tsv")])).Message);
        Assert.Contains("no data file", Assert.Throws<EdgeBenchException>(() => Dataset.Read("tsv", [])).Message);
    }

    [Fact]
    public void A_wrong_layout_is_told_five_times_and_not_on_every_line() =>
        Assert.Equal(5, Assert.Throws<EdgeBenchException>(() => Dataset.Read("scan", [Written(string.Concat(Enumerable.Repeat("x\n", 100)))])).Problems.Count);

    private string Refusal(string layout, string content, params string[] parts)
    {
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => Dataset.Read(layout, [Written(content)], parts));
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        return error.Message;
    }

    private string Written(string content)
    {
        string path = _folder.File("data");
        File.WriteAllText(path, content);
        return path;
    }
}
