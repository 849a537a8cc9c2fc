# Written by `make generated` from d2l/interface, not by hand.
from .appendix_tools_for_deep_learning.utils import (
    DATA_HUB as DATA_HUB,
    DATA_URL as DATA_URL,
    Accumulator as Accumulator,
    Animator as Animator,
    Timer as Timer,
    accuracy as accuracy,
    download as download,
    download_extract as download_extract,
    evaluate_accuracy as evaluate_accuracy,
    evaluate_accuracy_gpu as evaluate_accuracy_gpu,
    evaluate_loss as evaluate_loss,
    extract as extract,
    get_dataloader_workers as get_dataloader_workers,
    get_fashion_mnist_labels as get_fashion_mnist_labels,
    grad_clipping as grad_clipping,
    linreg as linreg,
    load_array as load_array,
    load_data_fashion_mnist as load_data_fashion_mnist,
    sgd as sgd,
    squared_loss as squared_loss,
    synthetic_data as synthetic_data,
    train_ch6 as train_ch6,
)
from .attention_and_transformers.attention_pooling import (
    boxcar as boxcar,
    constant as constant,
    epanechikov as epanechikov,
    gaussian as gaussian,
    gaussian_with_width as gaussian_with_width,
    nadaraya_watson as nadaraya_watson,
)
from .attention_and_transformers.attention_scoring_functions import (
    AdditiveAttention as AdditiveAttention,
    DotProductAttention as DotProductAttention,
    masked_softmax as masked_softmax,
)
from .attention_and_transformers.bahdanau_attention import (
    AttentionDecoder as AttentionDecoder,
    Seq2SeqAttentionDecoder as Seq2SeqAttentionDecoder,
)
from .attention_and_transformers.gpt import (
    GPT as GPT,
    CausalAttention as CausalAttention,
    TransformerLM as TransformerLM,
)
from .attention_and_transformers.kv_cache import (
    GQAAttention as GQAAttention,
    KVCache as KVCache,
    generate_cached as generate_cached,
)
from .attention_and_transformers.moe import (
    MoELayer as MoELayer,
    load_balancing_loss as load_balancing_loss,
    top_k_gates as top_k_gates,
)
from .attention_and_transformers.multihead_attention import (
    MultiHeadAttention as MultiHeadAttention,
)
from .attention_and_transformers.queries_keys_values import (
    show_heatmaps as show_heatmaps,
)
from .attention_and_transformers.self_attention_and_positional_encoding import (
    LearnedPositionalEncoding as LearnedPositionalEncoding,
    PositionalEncoding as PositionalEncoding,
    rope as rope,
)
from .attention_and_transformers.transformer import (
    AddNorm as AddNorm,
    PositionWiseFFN as PositionWiseFFN,
    TransformerDecoder as TransformerDecoder,
    TransformerDecoderBlock as TransformerDecoderBlock,
    TransformerEncoder as TransformerEncoder,
    TransformerEncoderBlock as TransformerEncoderBlock,
)
from .attention_and_transformers.transformer_block import (
    FeedForward as FeedForward,
    RMSNorm as RMSNorm,
    TransformerBlock as TransformerBlock,
)
from .attention_and_transformers.vision_transformer import (
    PatchEmbedding as PatchEmbedding,
    ViT as ViT,
    ViTBlock as ViTBlock,
    ViTMLP as ViTMLP,
)
from .builders_guide.custom_layer import (
    CenteredLayer as CenteredLayer,
    MyDense as MyDense,
    MyLinear as MyLinear,
)
from .builders_guide.init_param import MyInit as MyInit
from .builders_guide.model_construction import (
    FixedHiddenMLP as FixedHiddenMLP,
    MySequential as MySequential,
    NestMLP as NestMLP,
)
from .builders_guide.use_gpu import (
    cpu as cpu,
    gpu as gpu,
    num_gpus as num_gpus,
    try_all_gpus as try_all_gpus,
    try_gpu as try_gpu,
)
from .convolutional_modern.alexnet import AlexNet as AlexNet
from .convolutional_modern.batch_norm import (
    BatchNorm as BatchNorm,
    BNLeNet as BNLeNet,
    BNLeNetScratch as BNLeNetScratch,
    batch_norm as batch_norm,
)
from .convolutional_modern.cnn_design import (
    SE as SE,
    AnyNet as AnyNet,
    RegNetX32 as RegNetX32,
)
from .convolutional_modern.convnext import (
    ConvNeXt as ConvNeXt,
    ConvNeXtBlock as ConvNeXtBlock,
    LayerNorm2d as LayerNorm2d,
    drop_path as drop_path,
)
from .convolutional_modern.densenet import (
    ConvBlock as ConvBlock,
    DenseBlock as DenseBlock,
    DenseNet as DenseNet,
    TransitionBlock as TransitionBlock,
    conv_block as conv_block,
    transition_block as transition_block,
)
from .convolutional_modern.efficient_convnets import (
    DWSBlock as DWSBlock,
    MiniMobileNet as MiniMobileNet,
    RepVGGBlock as RepVGGBlock,
    dws_block as dws_block,
    fuse_block as fuse_block,
    fuse_bn as fuse_bn,
)
from .convolutional_modern.googlenet import (
    GoogleNet as GoogleNet,
    Inception as Inception,
)
from .convolutional_modern.nin import NiN as NiN, nin_block as nin_block
from .convolutional_modern.resnet import (
    Residual as Residual,
    ResNet as ResNet,
    ResNet18 as ResNet18,
    ResNeXtBlock as ResNeXtBlock,
)
from .convolutional_modern.training_recipes import (
    EMA as EMA,
    StochasticResidual as StochasticResidual,
    cosine_warmup as cosine_warmup,
    mixup as mixup,
    smoothed_ce as smoothed_ce,
    step_decay as step_decay,
)
from .convolutional_modern.vgg import VGG as VGG, vgg_block as vgg_block
from .convolutional_neural_networks.channels import (
    corr2d_multi_in as corr2d_multi_in,
    corr2d_multi_in_out as corr2d_multi_in_out,
    corr2d_multi_in_out_1x1 as corr2d_multi_in_out_1x1,
)
from .convolutional_neural_networks.conv_layer import Conv2D as Conv2D, corr2d as corr2d
from .convolutional_neural_networks.lenet import LeNet as LeNet, init_cnn as init_cnn
from .convolutional_neural_networks.padding_and_strides import (
    comp_conv2d as comp_conv2d,
)
from .convolutional_neural_networks.pooling import pool2d as pool2d
from .generative_adversarial_networks.gan import (
    update_D as update_D,
    update_G as update_G,
)
from .linear_classification.classification import Classifier as Classifier
from .linear_classification.image_classification_dataset import (
    MNIST as MNIST,
    Digits as Digits,
    FashionMNIST as FashionMNIST,
    show_images as show_images,
)
from .linear_classification.softmax_regression_concise import (
    SoftmaxRegression as SoftmaxRegression,
)
from .linear_classification.softmax_regression_scratch import (
    SoftmaxRegressionScratch as SoftmaxRegressionScratch,
    cross_entropy as cross_entropy,
    softmax as softmax,
)
from .linear_regression.linear_regression_concise import (
    LinearRegression as LinearRegression,
)
from .linear_regression.linear_regression_scratch import (
    SGD as SGD,
    LinearRegressionScratch as LinearRegressionScratch,
)
from .linear_regression.oo_design import (
    DataModule as DataModule,
    HyperParameters as HyperParameters,
    Module as Module,
    ProgressBoard as ProgressBoard,
    Trainer as Trainer,
    add_to_class as add_to_class,
)
from .linear_regression.synthetic_regression_data import (
    SyntheticRegressionData as SyntheticRegressionData,
)
from .linear_regression.weight_decay import (
    Data as Data,
    WeightDecay as WeightDecay,
    WeightDecayScratch as WeightDecayScratch,
    l2_penalty as l2_penalty,
)
from .multilayer_perceptrons.dropout import (
    DropoutMLP as DropoutMLP,
    DropoutMLPScratch as DropoutMLPScratch,
    dropout_layer as dropout_layer,
)
from .multilayer_perceptrons.kaggle_house_price import (
    KaggleHouse as KaggleHouse,
    k_fold as k_fold,
    k_fold_data as k_fold_data,
)
from .multilayer_perceptrons.mlp_implementation import (
    MLP as MLP,
    MLPScratch as MLPScratch,
    relu as relu,
)
from .preliminaries.calculus import (
    Image as Image,
    plot as plot,
    plt as plt,
    set_axes as set_axes,
    set_figsize as set_figsize,
    use_svg_display as use_svg_display,
)
from .recurrent_modern.bi_rnn import BiGRU as BiGRU, BiRNNScratch as BiRNNScratch
from .recurrent_modern.deep_rnn import StackedRNNScratch as StackedRNNScratch
from .recurrent_modern.encoder_decoder import (
    Decoder as Decoder,
    Encoder as Encoder,
    EncoderDecoder as EncoderDecoder,
)
from .recurrent_modern.gru import GRU as GRU, GRUScratch as GRUScratch
from .recurrent_modern.lstm import LSTM as LSTM, LSTMScratch as LSTMScratch
from .recurrent_modern.machine_translation_and_dataset import (
    MTFraEng as MTFraEng,
    show_list_len_pair_hist as show_list_len_pair_hist,
)
from .recurrent_modern.seq2seq import (
    Seq2Seq as Seq2Seq,
    Seq2SeqDecoder as Seq2SeqDecoder,
    Seq2SeqEncoder as Seq2SeqEncoder,
    bleu as bleu,
    chrf as chrf,
    init_seq2seq as init_seq2seq,
)
from .recurrent_neural_networks.bptt import spectral_radius as spectral_radius
from .recurrent_neural_networks.decoding import (
    beam_search as beam_search,
    generate as generate,
    sample_next as sample_next,
)
from .recurrent_neural_networks.language_model import NGramLM as NGramLM
from .recurrent_neural_networks.rnn_concise import RNN as RNN, RNNLM as RNNLM
from .recurrent_neural_networks.rnn_scratch import (
    RNNLMScratch as RNNLMScratch,
    RNNScratch as RNNScratch,
    check_len as check_len,
    check_shape as check_shape,
)
from .recurrent_neural_networks.sequence import k_step_pred as k_step_pred
from .recurrent_neural_networks.text_sequence import (
    BPETokenizer as BPETokenizer,
    TimeMachine as TimeMachine,
    Vocab as Vocab,
    print_wrapped as print_wrapped,
)
from .shared import (
    GridWorld as GridWorld,
    TabularMDP as TabularMDP,
    evaluate as evaluate,
    policy_evaluation as policy_evaluation,
    value_iteration as value_iteration,
)
from .tensor import (
    abs as abs,
    arange as arange,
    argmax as argmax,
    astype as astype,
    batch_matmul as batch_matmul,
    concat as concat,
    cos as cos,
    cosh as cosh,
    exp as exp,
    expand_dims as expand_dims,
    eye as eye,
    float32 as float32,
    get_key as get_key,
    get_seed as get_seed,
    int32 as int32,
    int64 as int64,
    linspace as linspace,
    log as log,
    matmul as matmul,
    meshgrid as meshgrid,
    nn_Module as nn_Module,
    normal as normal,
    numpy as numpy,
    ones as ones,
    ones_like as ones_like,
    rand as rand,
    randn as randn,
    reduce_mean as reduce_mean,
    reduce_sum as reduce_sum,
    repeat as repeat,
    reshape as reshape,
    sigmoid as sigmoid,
    sin as sin,
    sinh as sinh,
    size as size,
    stack as stack,
    swapaxes as swapaxes,
    tanh as tanh,
    tensor as tensor,
    to as to,
    transpose as transpose,
    zeros as zeros,
    zeros_like as zeros_like,
)
