using System.Text;
using EdgeBench.Models.ChatTemplates;

namespace EdgeBench.Fuzz.Targets;

/// <summary>A chat template, and a conversation that it renders.</summary>
internal sealed class ChatTemplateTarget : IFuzzTarget
{
    private static readonly ChatMessage[] s_conversation = [new("system", "Be brief."), new("user", "Hi 🦙"), new("assistant", "  Yes \n"), new("user", "")];

    public string Name => "chat-template";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message.content | trim + '<|im_end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
            "{%- macro m(a, b=2) -%}{{ a ~ b }}{{ caller() if caller is defined }}{%- endmacro -%}{% set ns = namespace(n=0, s='x') %}{% for i in range(3) if i is odd %}{% set ns.n = ns.n + i * 2 ** 3 // 4 % 5 - 1 %}{{ loop.index }}{{ m(i, b=ns.s) }}{% else %}none{% endfor %}{% call(x) m('q') %}z{% endcall %}",
            "{{ bos_token }}{% set a = [1, 'b', {'c': none, 'd': 1.5}] %}{{ a | tojson(indent=2) }}{{ a[::-1] }}{{ a[0:2] }}{{ a | map('string') | join(', ') }}{{ messages | selectattr('role', 'equalto', 'user') | list | length }}{{ 'a,b'.split(',')[-1].upper().strip('B') }}{{ x is not defined and not false or 'in' in 'inner' }}{# c #}{% raw %}{{ }}{% endraw %}",
            "{% set t %}  {{ messages[0].content.title().replace('B', 'C') }}\n{% endset %}{% filter upper %}{{ t | indent(2) }}{% endfilter %}{% for k, v in {'a': 1}.items() %}{% if v > 0 %}{% continue %}{% endif %}{% break %}{% endfor %}{{ strftime_now('%Y') | int | round(1) }}{{ 'abc' | list | sort(reverse=true) | unique | first | default('x', true) }}",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public byte[]? Restructure(byte[] input, Random random) => WordMutator.Mutate(input, Seeds[random.Next(Seeds.Count)], random);

    public void Execute(byte[] input) => ChatTemplate.Parse(Encoding.UTF8.GetString(input)).Render(s_conversation, addGenerationPrompt: true, "<s>", null);
}
