"""The face shown to llama-index: each adapter used alone in an ordinary program of that library."""

import pytest

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecatedSince20"),
]

METADATA = {
    "title": "Le moulin de Trévarn",
    "licence": "CC-BY-SA-4.0",
    "authors": ["Yann Coz"],
    "holder": "Cercle de Trévarn",
    "language": "fr",
}
TEXT = (
    "# Histoire\n\nLe moulin de Trévarn fut bâti en 1702 sur la rive gauche. Le meunier y vivait.\n\n"
    "# Histoire\n\nLe moulin de Trévarn fut bâti en 1702 sur la rive gauche. Une crue l'emporta en 1911."
)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    from rag_commons.encoder import load_encoder
    from rag_commons.index.build import ingest
    from rag_commons.sources.contract import document_from_json

    folder = tmp_path_factory.mktemp("llama")
    rows = [
        {**METADATA, "id": "moulin", "text": TEXT},
        {**METADATA, "id": "forge", "title": "La forge", "text": "La forge de Langoat ferma en 1950.", "licence": "CC-BY-NC-4.0"},
    ]
    ingest(folder, map(document_from_json, rows), load_encoder())
    return folder


def retriever(index):
    from rag_commons.index.opened import Index
    from rag_commons.retrieval.retriever import Retriever

    return Retriever(Index.open(index))


def test_splitter_gives_exact_offsets_even_where_text_repeats():
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.schema import Document

    from rag_commons.integrations.llama_index.splitter import PassageSplitter

    document = Document(id_="moulin", text=TEXT, metadata=METADATA)
    nodes = IngestionPipeline(transformations=[PassageSplitter()], disable_cache=True).run(documents=[document])
    assert len(nodes) == 2 and len({node.node_id for node in nodes}) == 2
    for node in nodes:
        assert TEXT[node.start_char_idx : node.end_char_idx] == node.text
        assert node.ref_doc_id == "moulin" and node.metadata["licence"] == "CC-BY-SA-4.0"
    assert nodes[0].start_char_idx < TEXT.rindex("# Histoire") < nodes[1].start_char_idx


def test_splitter_refuses_a_document_without_licence():
    from llama_index.core.schema import Document

    from rag_commons.errors import DocumentRefused
    from rag_commons.integrations.llama_index.splitter import PassageSplitter

    with pytest.raises(DocumentRefused):
        PassageSplitter()([Document(text=TEXT, metadata={"title": "Sans droits"})])


def test_retriever_and_query_engine_keep_provenance_and_spans(index):
    from rag_commons.answering.extractive import ExtractiveReader
    from rag_commons.integrations.llama_index.query_engine import CommonsQueryEngine
    from rag_commons.integrations.llama_index.retriever import CommonsRetriever

    found = retriever(index)
    nodes = CommonsRetriever(found).retrieve("Quand le moulin de Trévarn fut-il bâti ?")
    assert nodes[0].node.ref_doc_id == "moulin" and "CC BY-SA 4.0" in nodes[0].node.metadata["notice"]
    response = CommonsQueryEngine(found, ExtractiveReader(found)).query("Quand le moulin de Trévarn fut-il bâti ?")
    assert "1702" in response.response and "[1]" in response.response
    # several of its passages may be cited, of no other document
    assert {node.node.ref_doc_id for node in response.source_nodes} == {"moulin"}
    assert response.metadata["answer"]["references"][0]["licence"]["id"] == "CC-BY-SA-4.0"


def test_a_llama_index_engine_may_sit_on_our_retriever(index):
    from llama_index.core.llms import MockLLM
    from llama_index.core.query_engine import RetrieverQueryEngine

    from rag_commons.integrations.llama_index.retriever import CommonsRetriever

    engine = RetrieverQueryEngine.from_args(CommonsRetriever(retriever(index), k=1), llm=MockLLM())
    response = engine.query("Quand la forge de Langoat ferma-t-elle ?")
    assert [node.node.ref_doc_id for node in response.source_nodes] == ["forge"]
    assert "ferma en 1950" in response.response


def test_embedding_equals_the_encoder():
    import numpy as np

    from rag_commons.encoder import load_encoder
    from rag_commons.integrations.llama_index.embedding import CommonsEmbedding

    embedding = CommonsEmbedding()
    assert np.allclose(embedding.get_text_embedding("le moulin"), load_encoder().encode_documents(["le moulin"])[0], atol=1e-6)
    assert np.allclose(embedding.get_query_embedding("le moulin"), load_encoder().encode_query("le moulin"), atol=1e-6)


def test_vector_store_adds_filters_replaces_and_deletes(tmp_path):
    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
    from llama_index.core.vector_stores import MetadataFilter, MetadataFilters

    from rag_commons.integrations.llama_index.embedding import CommonsEmbedding
    from rag_commons.integrations.llama_index.vector_store import CommonsVectorStore

    def node(identity, text, source, licence="CC0-1.0"):
        return TextNode(
            id_=identity,
            text=text,
            metadata={"title": "Essai", "licence": licence},
            relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=source)},
        )

    store = CommonsVectorStore(tmp_path / "store")
    store.add([node("a", "Le chêne de Trévarn a trois cents ans.", "arbres"), node("b", "La halle date de 1630.", "halles", "CC-BY-4.0")])
    store.add([node("c", "Le hêtre fut abattu en 1987.", "arbres")])
    index = VectorStoreIndex.from_vector_store(store, embed_model=CommonsEmbedding())

    def search(question, **options):
        found = index.as_retriever(similarity_top_k=3, **options).retrieve(question)
        return [one.node.text for one in found]

    assert search("Quel âge a le chêne ?")[0].startswith("Le chêne")
    only = MetadataFilters(filters=[MetadataFilter(key="licence", value="CC-BY-4.0")])
    assert search("Quel âge a le chêne ?", filters=only) == ["La halle date de 1630."]
    store.delete("arbres")
    store.add([node("d", "Le puits est profond.", "puits")])
    assert set(search("Quel âge a le chêne ?")) == {"La halle date de 1630.", "Le puits est profond."}
